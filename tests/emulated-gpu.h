/* emulated-gpu.h — the CUDA backend on the GPU that pretends (cuda-emulator/).
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cuda-emulator/control.h"
#include "test-device.h"

G_BEGIN_DECLS

/* Returns: the backend, as the engine finds it */
const RaqamBackend *emulated_backend (void);

/* Returns: what the environment asks of the GPU, to be changed and given to
 *   raqam_emulator_reset() */
RaqamEmulatorSettings emulated_usual (void);

/* Returns: pieces of memory, streams, events and graphs that there are */
guint64 emulated_n_objects (void);

TestDevice *emulated_open (void);

/* @pattern: glob of the message; g_format_size()'s space is not a plain one */
void emulated_assert_says (const GError *error, int code, const char *pattern);

G_END_DECLS
