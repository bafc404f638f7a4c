/* check.h — what CUDA and cuDNN answer, in their own words.
 * SPDX-License-Identifier: MIT
 *
 * raqam_cuda_check() and the like are in device.h. */

#pragma once

#include <cuda_runtime_api.h>
#include <cudnn.h>
#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): what the library says of @status, which is no success */
char *raqam_cuda_words  (cudaError_t status);
char *raqam_cudnn_words (cudnnStatus_t status);

G_END_DECLS
