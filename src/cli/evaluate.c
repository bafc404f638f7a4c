/* evaluate.c — raqam-cli evaluate: what a model draws, judged.
 * SPDX-License-Identifier: MIT */

#include "cli/command.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/evaluate-print.h"
#include "cli/evaluate-reports.h"
#include "cli/progress.h"
#include "engine/dataset.h"
#include "engine/evaluator.h"
#include "engine/run.h"

typedef struct
{
  char    **data, **reports;
  char     *model, *images, *seed, *every, *device, *precision, *threads; /* as typed */
  gboolean  scores, utility;
} Typed;

typedef struct
{
  const char             *model;
  char                  **data;
  char                  **reports; /* (nullable) */
  double                  every;   /* below 0: not asked for */
  RaqamEvaluationSettings settings;
} Options;

typedef struct
{
  RaqamEvaluator   *evaluator;
  GMainLoop        *loop;
  RaqamProgressLine line;
  RaqamEvaluation  *evaluation;
  GError           *error;
  int               signal; /* that asked it to stop; 0 for none */
} Evaluate;

static Typed typed = { .scores = TRUE };

static const GOptionEntry entries[] = {
  { "model", 0, 0, G_OPTION_ARG_FILENAME, &typed.model,
    "A checkpoint, a model, or the folder of a run (its newest checkpoint)", "FILE" },
  { "data", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &typed.data,
    "Hoda's .cdb files, or a folder of them; several may follow", "PATH…" },
  { "images", 0, 0, G_OPTION_ARG_FILENAME, &typed.images, "How many digits to draw (10000)", "N" },
  { "seed", 0, 0, G_OPTION_ARG_FILENAME, &typed.seed, "Another seed, other digits (1)", "N" },
  { "report", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &typed.reports,
    "Also write the report to this .json, .md, .csv or .pdf; may be given again", "FILE" },
  { "scores", 0, 0, G_OPTION_ARG_NONE, &typed.scores,
    "FID, inception score, memorisation and so on (they are worked out if nothing is said)", NULL },
  { "no-scores", 0, G_OPTION_FLAG_REVERSE, G_OPTION_ARG_NONE, &typed.scores,
    "The classification report alone", NULL },
  { "utility", 0, 0, G_OPTION_ARG_NONE, &typed.utility,
    "Train classifiers on the drawn digits, and test them on real ones: minutes", NULL },
  { "every", 0, 0, G_OPTION_ARG_FILENAME, &typed.every,
    "Judge the checkpoints of the run, one in so many epochs (0: all there are)", "EPOCHS" },
  { "device", 0, 0, G_OPTION_ARG_FILENAME, &typed.device, "auto (the best there is), cpu or cuda",
    "NAME" },
  { "precision", 0, 0, G_OPTION_ARG_FILENAME, &typed.precision,
    "auto, f32, tf32 (NVIDIA GPUs) or bf16, where the device has it", "NAME" },
  { "threads", 0, 0, G_OPTION_ARG_FILENAME, &typed.threads, "Processor cores to use; otherwise all",
    "N" },
  { NULL },
};

const RaqamCommand raqam_evaluate_command = {
  .name = "evaluate",
  .summary = "Judges what a model draws, by a classifier of real digits.",
  .usage = NULL,
  .help = "The classifier is trained on the training images of the data alone: files whose names\n"
          "begin with “Test” are held back from it, whatever the model was trained on, and where\n"
          "there are none, every sixth image of each digit. It is kept for the next time, below\n"
          "the user's cache. The report goes to standard output; two runs with one seed give the\n"
          "same files. --every judges the checkpoints of a run, adds them to its quality.csv and\n"
          "shows which is best; those that are in it already are not judged again. Ctrl-C stops.\n"
          "\n"
          "Examples:\n"
          "  raqam-cli evaluate --model my-run --data \"Train 60000.cdb\" \"Test 20000.cdb\"\n"
          "  raqam-cli evaluate --model my-run --data ~/hoda --images 1000 --no-scores\n"
          "  raqam-cli evaluate --model my-run --data ~/hoda --seed 7 \\\n"
          "      --report report.json --report report.md --report report.pdf\n"
          "  raqam-cli evaluate --model my-run --data ~/hoda --images 2000 --every 30\n",
  .entries = entries,
};

static gboolean
misuse (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
  return FALSE;
}

/* Both parts, where nothing is named. */
static char **
find_data (GError **error)
{
  char **found;

  if (typed.data != NULL)
    return g_strdupv (typed.data);

  found = raqam_dataset_find_hoda ();
  if (found == NULL)
    {
      misuse (error, "--data is missing: name Hoda's \"Train 60000.cdb\" and \"Test 20000.cdb\", or "
                     "the folder they are in");
      return NULL;
    }
  for (int i = 0; found[i] != NULL; i++)
    fprintf (stderr, i == 0 ? "No --data: judging by %s" : " and %s", found[i]);
  fputc ('\n', stderr);
  return found;
}

static gboolean
refuse_empty (char **paths, const char *message, GError **error)
{
  for (int i = 0; paths != NULL && paths[i] != NULL; i++)
    if (*paths[i] == '\0')
      return misuse (error, message);
  return TRUE;
}

/* --every 0 is a number too. */
static gboolean
read_every (double *every, GError **error)
{
  *every = -1;
  if (g_strcmp0 (typed.every, "0") == 0)
    *every = 0;
  else if (!raqam_command_read_number (every, typed.every, "--every", 0, 100000, error))
    return FALSE;

  if (*every < 0)
    return TRUE;
  if (typed.reports != NULL)
    return misuse (error, "--report does not go with --every, which judges many checkpoints; its "
                          "figures are kept in the run's quality.csv");
  if (typed.utility)
    return misuse (error, "--utility does not go with --every");
  if (g_file_test (typed.model, G_FILE_TEST_IS_REGULAR))
    return misuse (error, "--every judges the checkpoints of a run: name the run's folder as "
                          "--model, not one file");
  return TRUE;
}

/* @options: its data is the caller's, also after FALSE */
static gboolean
read_options (Options *options, GError **error)
{
  guint64 images = 10000, seed = 1, threads = 0;
  int device = 0, precision = RAQAM_PRECISION_AUTO;

  *options = (Options){ .model = typed.model, .reports = typed.reports };

  if (typed.model == NULL || *typed.model == '\0')
    return misuse (error, "--model is missing: a run's folder, or one of its checkpoints");
  if (!refuse_empty (typed.data, "--data is empty", error)
      || !raqam_reports_check (typed.reports, error)
      || !raqam_command_read_whole (&images, typed.images, "--images", RAQAM_EVALUATION_MIN_IMAGES,
                                    RAQAM_EVALUATION_MAX_IMAGES, error)
      || !raqam_command_read_whole (&seed, typed.seed, "--seed", 0, G_MAXINT64, error)
      || !raqam_command_read_whole (&threads, typed.threads, "--threads", 1, 1024, error)
      || !raqam_command_read_choice (&device, typed.device, "--device", raqam_command_devices,
                                     error)
      || !raqam_command_read_choice (&precision, typed.precision, "--precision",
                                     raqam_command_precisions, error)
      || !read_every (&options->every, error)
      || (options->data = find_data (error)) == NULL)
    return FALSE;

  options->settings = (RaqamEvaluationSettings){
    .n_images = (int) images,
    .seed = seed,
    .scores = typed.scores,
    .utility = typed.utility,
    .device = raqam_command_devices[device],
    .options = { .precision = (RaqamPrecision) precision, .n_threads = (int) threads },
  };
  return TRUE;
}

static void
progress_cb (RaqamEvaluator *evaluator, const char *stage, double done, gpointer data)
{
  Evaluate *self = data;

  raqam_progress_line_show_stage (&self->line, stage, done);
}

static void
evaluated_cb (RaqamEvaluator *evaluator, RaqamEvaluation *evaluation, const GError *error,
              gpointer data)
{
  Evaluate *self = data;

  self->evaluation = evaluation != NULL ? raqam_evaluation_ref (evaluation) : NULL;
  self->error = error != NULL ? g_error_copy (error) : NULL;
  g_main_loop_quit (self->loop);
}

static void
timeline_ended_cb (RaqamEvaluator *evaluator, const char *folder, const GError *error, gpointer data)
{
  Evaluate *self = data;

  self->error = error != NULL ? g_error_copy (error) : NULL;
  g_main_loop_quit (self->loop);
}

static gboolean
stop (Evaluate *self, int number)
{
  if (self->signal != 0)
    {
      raqam_progress_line_say (&self->line, "Left at once.");
      _exit (RAQAM_EXIT_SIGNAL + number);
    }

  self->signal = number;
  raqam_progress_line_say (&self->line, "Stopping; once more to leave at once.");
  raqam_evaluator_cancel (self->evaluator);
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

static int
tell_end (const Evaluate *self, const Options *options)
{
  GError *error = NULL;

  /* What was judged before something went wrong is kept. */
  if (options->every >= 0)
    raqam_print_timeline (options->model);
  if (self->error != NULL)
    return raqam_command_fail (&raqam_evaluate_command, self->error);
  if (self->evaluation != NULL)
    {
      raqam_print_evaluation (self->evaluation);
      if (!raqam_reports_write (options->reports, self->evaluation, options->model, &error))
        {
          int status = raqam_command_fail (&raqam_evaluate_command, error);

          g_error_free (error);
          return status;
        }
    }
  return self->signal != 0 ? RAQAM_EXIT_SIGNAL + self->signal : RAQAM_EXIT_DONE;
}

static int
evaluate (const Options *options)
{
  Evaluate self = { .evaluator = raqam_evaluator_new (),
                    .loop = g_main_loop_new (NULL, FALSE) };
  const char *const *data = (const char *const *) options->data;
  int status;

  raqam_progress_line_init (&self.line);
  g_signal_connect (self.evaluator, "progress", G_CALLBACK (progress_cb), &self);
  g_signal_connect (self.evaluator, "evaluated", G_CALLBACK (evaluated_cb), &self);
  g_signal_connect (self.evaluator, "timeline-ended", G_CALLBACK (timeline_ended_cb), &self);
  raqam_command_listen (SIGINT, interrupt_cb, &self);
  raqam_command_listen (SIGTERM, terminate_cb, &self);
  raqam_command_listen (SIGHUP, hang_up_cb, &self);

  if (options->every >= 0)
    raqam_evaluator_judge_run (self.evaluator, options->model, data, options->every,
                               &options->settings);
  else
    raqam_evaluator_evaluate (self.evaluator, options->model, data, &options->settings);
  g_main_loop_run (self.loop);
  raqam_progress_line_end (&self.line);
  status = tell_end (&self, options);

  raqam_evaluator_close (self.evaluator);
  g_object_unref (self.evaluator);
  g_main_loop_unref (self.loop);
  g_clear_pointer (&self.evaluation, raqam_evaluation_unref);
  g_clear_error (&self.error);
  return status;
}

/* Pictures are judged as the data are that the model was trained on. */
static gboolean
read_model (Options *options, GError **error)
{
  g_autoptr (RaqamModel) model = raqam_model_load (options->model, error);

  if (model == NULL)
    return FALSE;
  options->settings.threshold = !model->recipe->grey;
  return TRUE;
}

int
raqam_evaluate (char **arguments)
{
  g_auto (GStrv) spread = raqam_command_spread (arguments, "--data");
  g_autoptr (GError) error = NULL;
  Options options;
  int status;

  if (!raqam_command_parse (&raqam_evaluate_command, spread, 0, NULL, &status))
    return status;

  status = read_options (&options, &error) && read_model (&options, &error)
             ? evaluate (&options)
             : raqam_command_fail (&raqam_evaluate_command, error);
  g_strfreev (options.data);
  return status;
}
