/* ui.h — where the window's resources are.
 * SPDX-License-Identifier: MIT */

#pragma once

#define RAQAM_RESOURCES "/io/github/raqam/Raqam"
#define RAQAM_UI(name) RAQAM_RESOURCES "/ui/" name ".ui"
