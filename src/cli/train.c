/* train.c — raqam-cli train: a training run without a window.
 * SPDX-License-Identifier: MIT */

#include "cli/command.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/signs.h"
#include "engine/dataset.h"
#include "engine/engine.h"
#include "engine/run.h"
#include "engine/timeline.h"

#define SAMPLE_ROWS 10

typedef struct
{
  char    **data;
  char     *recipe, *run, *epochs, *minutes, *seed, *device, *precision, *threads; /* as typed */
  gboolean  resume;
} Typed;

typedef struct
{
  RaqamEngine       *engine;
  GMainLoop         *loop;
  RaqamProgressLine  line;
  const RaqamTrainSettings *settings;
  gint64             began;
  gboolean           on_gpu;       /* that is where it was when it was last heard of */
  char              *checkpoint;   /* the newest one of this session, or NULL */
  RaqamCoach        *coach;
  RaqamSignsTold     told;
  RaqamProgress      progress;     /* the newest; all 0 before the first */
  gboolean           finished;
  GError            *error;
  int                signal;       /* that asked it to stop; 0 for none */
} Train;

static Typed typed;

static const GOptionEntry entries[] = {
  { "data", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &typed.data,
    "Hoda's .cdb files, or a folder of them; several may follow", "PATH…" },
  { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &typed.recipe,
    "fast (if none is named), thesis, thesis-32, or a JSON file (docs/recipe.md)", "NAME|FILE" },
  { "run", 0, 0, G_OPTION_ARG_FILENAME, &typed.run,
    "Folder that keeps the run; made if it is not there", "DIR" },
  { "epochs", 0, 0, G_OPTION_ARG_FILENAME, &typed.epochs,
    "Go through the data so often, instead of the recipe's number", "N" },
  { "minutes", 0, 0, G_OPTION_ARG_FILENAME, &typed.minutes,
    "Stop after so many minutes, with a checkpoint", "M" },
  { "seed", 0, 0, G_OPTION_ARG_FILENAME, &typed.seed,
    "Where random numbers begin, instead of the recipe's", "N" },
  { "device", 0, 0, G_OPTION_ARG_FILENAME, &typed.device, "auto (the best there is), cpu or cuda",
    "NAME" },
  { "precision", 0, 0, G_OPTION_ARG_FILENAME, &typed.precision,
    "auto, f32, tf32 (NVIDIA GPUs) or bf16, where the device has it", "NAME" },
  { "threads", 0, 0, G_OPTION_ARG_FILENAME, &typed.threads, "Processor cores to use; otherwise all",
    "N" },
  { "resume", 0, 0, G_OPTION_ARG_NONE, &typed.resume,
    "Go on with the run in --run, with its own recipe and data", NULL },
  { NULL },
};

const RaqamCommand raqam_train_command = {
  .name = "train",
  .summary = "Trains a model on handwritten digits, and keeps it in a run's folder.",
  .usage = NULL,
  .help = "The run's folder gets checkpoints/ (at ends of epochs, and at least every minute),\n"
          "samples/ (the sheet of digits that goes with each), metrics.csv and run.json.\n"
          "Ctrl-C stops after the step in hand, with a checkpoint; a second Ctrl-C leaves at\n"
          "once. --resume goes on from the newest checkpoint exactly as if the run had never\n"
          "stopped, on the same machine with as many threads.\n"
          "With --device auto a GPU that cannot be used, or that fails on the way, is told,\n"
          "and the CPU goes on from the last checkpoint; with --device cuda it ends the run,\n"
          "whose last checkpoint is kept. “raqam-cli devices” lists what there is.\n"
          "Signs of trouble (docs/coach.md) are told when they begin, and listed at the end\n"
          "with what usually helps; nothing is changed for them.\n"
          "\n"
          "Examples:\n"
          "  raqam-cli train --data \"Train 60000.cdb\" --run my-run\n"
          "  raqam-cli train --data \"Train 60000.cdb\" --run my-run --resume\n"
          "  raqam-cli train --data \"Train 60000.cdb\" \"Test 20000.cdb\" --recipe thesis-32 \\\n"
          "      --run thesis-run --minutes 90\n"
          "  raqam-cli train --data ~/hoda --recipe mine.json --seed 7 --epochs 3 --run try-7\n",
  .entries = entries,
};

G_GNUC_PRINTF (2, 3)
static gboolean
misuse (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
  return FALSE;
}

/* What a script makes of a variable that is not set; it would stand for the current folder. */
static gboolean
refuse_empty (const char *text, const char *option, GError **error)
{
  return text == NULL || *text != '\0' || misuse (error, "%s is empty", option);
}

/* From the root on, so that a resumed run finds them from wherever it is started. */
static char **
whole_paths (char **paths)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *path = g_canonicalize_filename (paths[i], NULL);

      g_strv_builder_add (builder, path);
    }
  return g_strv_builder_end (builder);
}

/* What to train on where nothing is named: the training file alone, so that
 * the test file stays unseen. */
static char **
find_data (GError **error)
{
  g_auto (GStrv) found = raqam_dataset_find_hoda ();
  char *first[] = { found != NULL ? found[0] : NULL, NULL };

  if (found == NULL)
    {
      misuse (error, "--data is missing: name Hoda's \"Train 60000.cdb\", or the folder it is in");
      return NULL;
    }
  fprintf (stderr, "No --data: training on %s\n", first[0]);
  return whole_paths (first);
}

/* What a resumed run keeps may be said again, but not changed. */
static gboolean
check_resumed (GError **error)
{
  g_autoptr (RaqamRun) run = NULL;
  g_autoptr (RaqamRecipe) recipe = NULL;

  if (typed.run == NULL)
    return misuse (error, "--resume needs --run, the folder of the run to go on with");
  if (typed.seed != NULL)
    return misuse (error, "--seed does not go with --resume: the run keeps its own");
  if (typed.recipe == NULL)
    return TRUE;

  run = raqam_run_load (typed.run, error);
  recipe = run != NULL ? raqam_recipe_find (typed.recipe, error) : NULL;
  if (recipe == NULL)
    return FALSE;
  if (strcmp (run->recipe->name, recipe->name) != 0)
    return misuse (error, "--recipe is “%s”, but the run to be resumed is of “%s” and keeps it",
                   recipe->name, run->recipe->name);
  return TRUE;
}

static gboolean
read_recipe (RaqamTrainSettings *settings, GError **error)
{
  if (typed.resume)
    return check_resumed (error);

  settings->recipe = raqam_recipe_find (typed.recipe != NULL ? typed.recipe : "fast", error);
  if (settings->recipe == NULL
      || !raqam_command_read_whole (&settings->recipe->seed, typed.seed, "--seed", 0, G_MAXINT64,
                                    error))
    return FALSE;

  if (typed.run == NULL)
    typed.run = raqam_run_new_folder (settings->recipe->name);
  return TRUE;
}

/* @settings: its recipe and data are the caller's, also after FALSE */
static gboolean
read_options (RaqamTrainSettings *settings, GError **error)
{
  guint64 epochs = 0, threads = 0;
  int device = 0, precision = RAQAM_PRECISION_AUTO;

  *settings = (RaqamTrainSettings){ .resume = typed.resume, .sample_rows = SAMPLE_ROWS };

  for (guint i = 0; typed.data != NULL && typed.data[i] != NULL; i++)
    if (!refuse_empty (typed.data[i], "--data", error))
      return FALSE;
  if (!refuse_empty (typed.run, "--run", error)
      || !raqam_command_read_whole (&epochs, typed.epochs, "--epochs", 1, 100000, error)
      || !raqam_command_read_number (&settings->minutes, typed.minutes, "--minutes", 0, 1e6, error)
      || !raqam_command_read_whole (&threads, typed.threads, "--threads", 1, 1024, error)
      || !raqam_command_read_choice (&device, typed.device, "--device", raqam_command_devices, error)
      || !raqam_command_read_choice (&precision, typed.precision, "--precision", raqam_command_precisions,
                                     error)
      || !read_recipe (settings, error))
    return FALSE;

  if (typed.data != NULL)
    settings->data = (const char *const *) whole_paths (typed.data);
  else if (!typed.resume)
    settings->data = (const char *const *) find_data (error);
  if (settings->data == NULL && !typed.resume)
    return FALSE;

  settings->run_folder = typed.run;
  settings->epochs = (int) epochs;
  settings->n_threads = (int) threads;
  settings->device = raqam_command_devices[device];
  settings->precision = (RaqamPrecision) precision;
  return TRUE;
}

static void
progress_cb (RaqamEngine *engine, const RaqamProgress *progress, gpointer data)
{
  Train *self = data;

  if (self->progress.device == NULL)
    raqam_progress_line_say (&self->line, "%" G_GSIZE_FORMAT " images; %s\nThe run is kept in %s",
                             progress->n_images, progress->device, self->settings->run_folder);
  self->progress = *progress;
  self->progress.device = "";
  self->on_gpu = strcmp (progress->backend, "cuda") == 0;
  raqam_progress_line_show (&self->line, progress, FALSE);
}

static void
points_cb (RaqamEngine *engine, const RaqamPoint *points, guint n, gpointer data)
{
  Train *self = data;

  if (raqam_coach_push (self->coach, points, n))
    raqam_signs_tell (&self->told, &self->line, self->coach);
}

/* Another program may have judged them meanwhile. */
static void
look_at_quality (Train *self)
{
  g_autoptr (GArray) timeline = raqam_timeline_read (self->settings->run_folder);

  raqam_coach_judge (self->coach, timeline);
}

static void
saved_cb (RaqamEngine *engine, const char *path, gpointer data)
{
  Train *self = data;

  g_free (self->checkpoint);
  self->checkpoint = g_strdup (path);
  look_at_quality (self);
  raqam_signs_tell (&self->told, &self->line, self->coach);
}

static void
notice_cb (RaqamEngine *engine, const GError *error, gpointer data)
{
  Train *self = data;

  raqam_progress_line_say (&self->line, "raqam-cli train: %s", error->message);
}

/* What the GPU left is gone on with on the CPU, once and for all. */
static void
go_on_with_cpu (Train *self)
{
  double spent = (double) (g_get_monotonic_time () - self->began) / (60.0 * G_USEC_PER_SEC);
  RaqamTrainSettings settings = *self->settings;

  settings.recipe = NULL;
  settings.resume = TRUE;
  settings.device = "cpu";
  settings.precision = RAQAM_PRECISION_AUTO;
  if (settings.minutes > 0)
    settings.minutes = MAX (settings.minutes - spent, 1e-3);

  raqam_progress_line_say (&self->line,
                           "raqam-cli train: %s\nGoing on with the CPU from the last checkpoint: %s",
                           self->error->message, self->checkpoint);
  g_clear_error (&self->error);
  memset (&self->progress, 0, sizeof self->progress);
  self->on_gpu = FALSE;
  raqam_engine_train (self->engine, &settings);
}

static void
ended_cb (RaqamEngine *engine, gboolean finished, const GError *error, gpointer data)
{
  Train *self = data;

  self->finished = finished;
  self->error = error != NULL ? g_error_copy (error) : NULL;
  if (self->on_gpu && self->signal == 0 && self->checkpoint != NULL
      && strcmp (self->settings->device, "auto") == 0 && raqam_error_is_device (error))
    {
      go_on_with_cpu (self);
      return;
    }
  if (g_error_matches (error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED))
    raqam_coach_break_down (self->coach);
  g_main_loop_quit (self->loop);
}

static gboolean
stop (Train *self, int number)
{
  if (self->signal != 0)
    {
      raqam_progress_line_say (&self->line, "Left at once.");
      _exit (RAQAM_EXIT_SIGNAL + number);
    }

  self->signal = number;
  raqam_progress_line_say (&self->line, "Stopping after this step; once more to leave at once.");
  raqam_engine_stop (self->engine);
  return G_SOURCE_CONTINUE;
}

static gboolean
interrupt_cb (gpointer data)
{
  return stop (data, SIGINT);
}

static gboolean
terminate_cb (gpointer data)
{
  return stop (data, SIGTERM);
}

static gboolean
hang_up_cb (gpointer data)
{
  return stop (data, SIGHUP);
}

/* The sample sheet has the name of the checkpoint that it goes with. */
static void
print_results (const Train *self)
{
  g_autofree char *name = g_path_get_basename (self->checkpoint);
  g_autofree char *stem = g_strndup (name, strcspn (name, "."));
  g_autofree char *sheet = g_strdup_printf ("%s.png", stem);
  g_autofree char *samples = g_build_filename (self->settings->run_folder, "samples", sheet, NULL);

  printf ("Checkpoint: %s\nSamples:    %s\n", self->checkpoint, samples);
}

static int
tell_failure (const Train *self)
{
  raqam_signs_print (stderr, self->coach);
  raqam_command_fail (&raqam_train_command, self->error);
  if (self->checkpoint != NULL && g_file_test (self->checkpoint, G_FILE_TEST_EXISTS))
    fprintf (stderr, "The last good checkpoint is kept: %s\n", self->checkpoint);
  return RAQAM_EXIT_FAILED;
}

static int
tell_end (Train *self)
{
  g_autofree char *folder = raqam_command_quote (self->settings->run_folder);
  int status = self->signal != 0 ? RAQAM_EXIT_SIGNAL + self->signal : RAQAM_EXIT_DONE;

  if (self->progress.n_steps > 0)
    raqam_progress_line_show (&self->line, &self->progress, TRUE);
  raqam_progress_line_end (&self->line);

  if (self->error != NULL && !g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return tell_failure (self);
  if (self->checkpoint == NULL)
    {
      fputs (self->settings->resume ? "Stopped before it went on; the run is as it was.\n"
                           : "Stopped before the first step; there is nothing to keep.\n",
             stderr);
      return status;
    }

  print_results (self);
  raqam_signs_print (stdout, self->coach);
  if (self->finished)
    printf ("Finished. To draw digits:\n  raqam-cli generate --model %s --out digits.png\n",
            folder);
  else
    printf ("Stopped at epoch %.2f of %d. To go on:\n  raqam-cli train --run %s --resume\n",
            self->progress.epoch, self->progress.n_epochs, folder);
  return status;
}

static int
train (const RaqamTrainSettings *settings)
{
  Train self = { .engine = raqam_engine_new (),
                 .loop = g_main_loop_new (NULL, FALSE),
                 .settings = settings,
                 .coach = raqam_coach_new (NULL),
                 .began = g_get_monotonic_time () };
  int status;

  raqam_progress_line_init (&self.line);
  g_signal_connect (self.engine, "progress", G_CALLBACK (progress_cb), &self);
  g_signal_connect (self.engine, "points", G_CALLBACK (points_cb), &self);
  g_signal_connect (self.engine, "saved", G_CALLBACK (saved_cb), &self);
  g_signal_connect (self.engine, "notice", G_CALLBACK (notice_cb), &self);
  g_signal_connect (self.engine, "ended", G_CALLBACK (ended_cb), &self);
  raqam_command_listen (SIGINT, interrupt_cb, &self);
  raqam_command_listen (SIGTERM, terminate_cb, &self);
  raqam_command_listen (SIGHUP, hang_up_cb, &self);

  /* Ctrl-C ends “| tee log” too, and there must still be a checkpoint. */
  signal (SIGPIPE, SIG_IGN);

  raqam_progress_line_say (&self.line, "Reading the data…");
  raqam_engine_train (self.engine, settings);
  g_main_loop_run (self.loop);
  status = tell_end (&self);

  raqam_engine_close (self.engine);
  g_object_unref (self.engine);
  g_main_loop_unref (self.loop);
  g_clear_error (&self.error);
  raqam_coach_free (self.coach);
  g_free (self.checkpoint);
  return status;
}

int
raqam_train (char **arguments)
{
  g_auto (GStrv) spread = raqam_command_spread (arguments, "--data");
  g_autoptr (GError) error = NULL;
  RaqamTrainSettings settings;
  int status;

  if (!raqam_command_parse (&raqam_train_command, spread, 0, NULL, &status))
    return status;

  status = read_options (&settings, &error) ? train (&settings)
                                            : raqam_command_fail (&raqam_train_command, error);
  raqam_recipe_free (settings.recipe);
  g_strfreev ((char **) settings.data);
  return status;
}
