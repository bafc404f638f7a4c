/* stream.h — work on an emulated stream.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <cuda_runtime_api.h>

#include <functional>

/**
 * raqam_emulator_enqueue:
 * @what: for messages; a literal
 * @work: what is to be done with device memory
 *
 * While @stream captures, @work is kept for the graph and not run. Otherwise it
 * runs after all that @stream was asked before and before anybody who waits for
 * the stream goes on. Any thread.
 *
 * Returns: cudaSuccess, or the error that the device has already come to
 */
cudaError_t raqam_emulator_enqueue (cudaStream_t stream, const char *what,
                                    std::function<void ()> work);
