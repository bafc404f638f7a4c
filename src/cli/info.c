/* info.c — raqam-cli info: what a run, a checkpoint or a model holds.
 * SPDX-License-Identifier: MIT */

#include "cli/command.h"

#include <string.h>

#include <glib/gstdio.h>

#include "cli/signs.h"
#include "engine/history.h"
#include "engine/model-private.h"
#include "engine/run.h"
#include "engine/safetensors.h"
#include "engine/timeline.h"

static const GOptionEntry entries[] = {
  { NULL },
};

const RaqamCommand raqam_info_command = {
  .name = "info",
  .summary = "Says what a run, a checkpoint or a model holds.",
  .usage = "FILE",
  .help = "FILE is a checkpoint or a model (.safetensors), or the folder of a run, of which\n"
          "the newest whole checkpoint is shown. The whole file is read and its checksum\n"
          "compared; one that does not hold is an error. Of a run's folder the signs of trouble\n"
          "(docs/coach.md) are listed too, with what usually helps.\n"
          "\n"
          "Examples:\n"
          "  raqam-cli info my-run\n"
          "  raqam-cli info my-run/checkpoints/step-000000000938.safetensors\n",
  .entries = entries,
};

static void
print_date (const char *label, gint64 seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (seconds);
  g_autofree char *text =
    date != NULL ? g_date_time_format (date, "%Y-%m-%d %H:%M:%S") : g_strdup ("?");

  printf ("%-12s %s\n", label, text);
}

static void
print_run (const RaqamRun *run)
{
  printf ("%-12s %s\n", "Run", run->name);
  if (run->message != NULL)
    printf ("%-12s %s: %s\n", "State", run->state, run->message);
  else
    printf ("%-12s %s\n", "State", run->state);
  print_date ("Begun", run->created);
  print_date ("Changed", run->changed);
  for (guint i = 0; run->data != NULL && run->data[i] != NULL; i++)
    printf ("%-12s %s\n", i == 0 ? "Data" : "", run->data[i]);
}

static void
print_recipe (const RaqamRecipe *recipe)
{
  gsize count[2];

  raqam_recipe_count_weights (count, recipe);
  printf ("%-12s %s (%s)\n", "Recipe", recipe->name, recipe->title);
  printf ("%-12s %d\n", "Latent", recipe->latent);
  printf ("%-12s generator %" G_GSIZE_FORMAT ", discriminator %" G_GSIZE_FORMAT "\n", "Weights",
          count[0], count[1]);
  printf ("%-12s %d\n", "Batch", recipe->batch);
  printf ("%-12s %" G_GUINT64_FORMAT "\n", "Seed", recipe->seed);
}

static void
print_metadata (const char *label, const RaqamSafetensors *file, const char *key)
{
  const char *text = raqam_safetensors_get_metadata (file, key);

  if (text != NULL)
    printf ("%-12s %s\n", label, text);
}

static void
print_epoch (const RaqamSafetensors *file, const RaqamRecipe *recipe)
{
  const char *text = raqam_safetensors_get_metadata (file, RAQAM_META_EPOCH);

  if (text != NULL)
    printf ("%-12s %.2f of %d\n", "Epoch", g_ascii_strtod (text, NULL), recipe->epochs);
}

static void
print_tensors (const RaqamSafetensors *file)
{
  gsize n = raqam_safetensors_get_n_tensors (file);

  printf ("%-12s %" G_GSIZE_FORMAT "\n", "Tensors", n);
  for (gsize i = 0; i < n; i++)
    {
      const RaqamTensor *tensor = raqam_safetensors_get_tensor (file, i);
      g_autoptr (GString) shape = g_string_new (NULL);

      for (int d = 0; d < tensor->n_dims; d++)
        g_string_append_printf (shape, "%s%" G_GUINT64_FORMAT, d > 0 ? " × " : "",
                                tensor->shape[d]);
      printf ("  %-48s %-4s %s\n", tensor->name, raqam_dtype_name (tensor->dtype),
              shape->len > 0 ? shape->str : "1");
    }
}

static gboolean
print_file (const char *path, GError **error)
{
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_open (path, error);
  g_autoptr (RaqamRecipe) recipe =
    file != NULL ? raqam_checkpoint_read_recipe (file, path, error) : NULL;
  GStatBuf status;

  if (recipe == NULL)
    return FALSE;

  printf ("%-12s %s\n", "File", path);
  if (g_stat (path, &status) == 0)
    printf ("%-12s %" G_GINT64_FORMAT " bytes\n", "Size", (gint64) status.st_size);
  printf ("%-12s %s\n", "Checksum",
          raqam_safetensors_has_checksum (file) ? "holds (SHA-256)" : "the file has none");
  print_recipe (recipe);
  print_epoch (file, recipe);
  print_metadata ("Step", file, RAQAM_META_STEP);
  print_metadata ("Threads", file, RAQAM_META_THREADS);
  print_metadata ("Data sum", file, RAQAM_META_DATA);
  print_tensors (file);
  return TRUE;
}

/* Those that were passed over on the way to the newest whole one. */
static void
print_damaged (const char *folder, const char *newest)
{
  g_autoptr (GPtrArray) paths = raqam_run_list_checkpoints (folder);

  for (guint i = 0; i < paths->len && strcmp (paths->pdata[i], newest) != 0; i++)
    printf ("%-12s %s\n", "Damaged", (const char *) paths->pdata[i]);
}

static gboolean
print_signs (const char *folder, GError **error)
{
  g_autoptr (GArray) points = raqam_history_read (folder, error);
  g_autoptr (GArray) timeline = raqam_timeline_read (folder);
  g_autoptr (RaqamCoach) coach = raqam_coach_new (NULL);

  if (points == NULL)
    return FALSE;

  raqam_coach_push (coach, (const RaqamPoint *) (void *) points->data, points->len);
  raqam_coach_judge (coach, timeline);
  raqam_signs_print (stdout, coach);
  return TRUE;
}

static gboolean
print_folder (const char *folder, GError **error)
{
  g_autoptr (RaqamRun) run = raqam_run_load (folder, error);
  g_autofree char *newest = NULL;

  if (run == NULL)
    return FALSE;

  print_run (run);
  newest = raqam_run_newest_checkpoint (folder, error);
  if (newest == NULL)
    return FALSE;

  print_damaged (folder, newest);
  return print_file (newest, error) && print_signs (folder, error);
}

int
raqam_info (char **arguments)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) operands = NULL;
  int status;

  if (!raqam_command_parse (&raqam_info_command, arguments, 1, &operands, &status))
    return status;

  if (operands[0] == NULL)
    g_set_error (&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 "name a checkpoint, a model or a run's folder");
  else if (g_file_test (operands[0], G_FILE_TEST_IS_DIR))
    print_folder (operands[0], &error);
  else
    print_file (operands[0], &error);

  return error != NULL ? raqam_command_fail (&raqam_info_command, error) : RAQAM_EXIT_DONE;
}
