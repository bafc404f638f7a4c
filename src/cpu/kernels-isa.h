/* kernels-isa.h — names a table of kernels after the instruction set it is compiled for.
 * SPDX-License-Identifier: MIT
 *
 * Included by the kernels-*.c files only; meson.build defines RAQAM_ISA. */

#pragma once

#define RAQAM_PASTE_(family, isa) raqam_##family##_##isa
#define RAQAM_PASTE(family, isa)  RAQAM_PASTE_ (family, isa)
#define RAQAM_KERNELS(family)     RAQAM_PASTE (family, RAQAM_ISA)
