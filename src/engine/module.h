/* module.h — the CUDA backend and the libraries it stands on, found at run time.
 * SPDX-License-Identifier: MIT
 *
 * The program is linked to none of them, so that it starts on every machine. In
 * this order: NVIDIA's driver (libcuda.so.1), a GPU, cuDNN 9 (libcudnn.so.9, in
 * $RAQAM_CUDNN_DIR, else by the linker, else where NVIDIA and the distributions
 * put it), libraqam-cuda.so (in $RAQAM_MODULE_DIR, else where it was installed).
 * Where there are several GPUs, CUDA's first is taken; CUDA_VISIBLE_DEVICES
 * chooses another.
 */

#pragma once

#include "engine/backend.h"

G_BEGIN_DECLS

/**
 * raqam_module_cuda:
 * @present: (out) (optional): whether this machine seems to have an NVIDIA GPU,
 *   usable or not
 *
 * Looks once in the life of the process; later calls give the same answer. Any
 * thread. Without a driver it takes under a millisecond, with one up to a second.
 *
 * Returns: (transfer none): NULL with RAQAM_ERROR_DEVICE, which says what is
 *   missing and what to do
 */
const RaqamBackend *raqam_module_cuda (gboolean *present, GError **error);

/**
 * raqam_module_open:
 * @path: of libraqam-cuda.so
 *
 * The last step alone. The module stays open until the process ends.
 *
 * Returns: (transfer none): NULL with RAQAM_ERROR_DEVICE
 */
const RaqamBackend *raqam_module_open (const char *path, GError **error);

/* Returns: whether @folder, Linux's /sys/bus/pci/devices, lists a GPU of NVIDIA */
gboolean raqam_module_sees_card (const char *folder);

G_END_DECLS
