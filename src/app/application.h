/* application.h — the application: command line, actions, its one window.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_APPLICATION (raqam_application_get_type ())
G_DECLARE_FINAL_TYPE (RaqamApplication, raqam_application, RAQAM, APPLICATION, AdwApplication)

RaqamApplication *raqam_application_new (void);

G_END_DECLS
