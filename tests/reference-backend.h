/* reference-backend.h — the backend's whole table in plain loops.
 * SPDX-License-Identifier: MIT
 *
 * Float where memory is seen, double inside. Its blocks are ReferenceBlock.
 */

#pragma once

#include "engine/backend.h"

G_BEGIN_DECLS

extern const RaqamBackend raqam_reference_backend;

/* reference_block_margin() of the last forward of @block, which is this backend's. */
double reference_backend_margin (RaqamBlock *block);

G_END_DECLS
