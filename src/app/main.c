/* main.c — starts the application in the user's language.
 * SPDX-License-Identifier: MIT */

#include "app/application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  g_autoptr (RaqamApplication) application = NULL;
  const char *locale_dir = g_getenv ("RAQAM_LOCALE_DIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : RAQAM_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = raqam_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
