/* evaluate-reports.c — the files that an evaluation is written to.
 * SPDX-License-Identifier: MIT */

#include "cli/evaluate-reports.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "engine/evaluation-write.h"
#include "engine/file.h"
#include "engine/timeline.h"
#include "print/report-pdf.h"

typedef struct
{
  const char *suffix;
  char     *(*to_text) (const RaqamEvaluation *); /* NULL: a document */
} Kind;

static const Kind kinds[] = {
  { ".json", raqam_evaluation_to_json },
  { ".md", raqam_evaluation_to_markdown },
  { ".csv", raqam_evaluation_to_csv },
  { ".pdf", NULL },
};

static const Kind *
kind_of (const char *path)
{
  gsize length = strlen (path);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize n = strlen (kinds[i].suffix);

      if (length > n && g_ascii_strcasecmp (path + length - n, kinds[i].suffix) == 0)
        return &kinds[i];
    }
  return NULL;
}

gboolean
raqam_reports_check (char **paths, GError **error)
{
  for (int i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autofree char *folder = g_path_get_dirname (paths[i]);

      if (kind_of (paths[i]) == NULL)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--report takes a file that ends in .json, .md, .csv or .pdf, not “%s”",
                       paths[i]);
          return FALSE;
        }
      if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--report: there is no folder “%s” for “%s”", folder, paths[i]);
          return FALSE;
        }
      if (g_file_test (paths[i], G_FILE_TEST_IS_DIR))
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--report takes a file; “%s” is a folder", paths[i]);
          return FALSE;
        }
      if (g_access (folder, W_OK) != 0)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--report: nothing can be written in the folder “%s” (%s); name another",
                       folder, g_strerror (errno));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
write_document (const char *path, const RaqamEvaluation *evaluation, const char *model,
                GError **error)
{
  g_autoptr (GArray) timeline = raqam_timeline_read (model);
  const RaqamReportExtras extras = { .timeline = timeline->len > 0 ? timeline : NULL };

  return raqam_report_pdf_write (evaluation, &extras, path, error);
}

gboolean
raqam_reports_write (char **paths, const RaqamEvaluation *evaluation, const char *model,
                     GError **error)
{
  for (int i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      const Kind *kind = kind_of (paths[i]);
      g_autofree char *text = kind->to_text != NULL ? kind->to_text (evaluation) : NULL;
      gboolean written = text != NULL ? raqam_file_replace (paths[i], text, strlen (text), error)
                                      : write_document (paths[i], evaluation, model, error);

      if (!written)
        return FALSE;
      fprintf (stderr, "Report: %s\n", paths[i]);
    }
  return TRUE;
}
