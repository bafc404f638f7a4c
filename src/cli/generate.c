/* generate.c — raqam-cli generate: digits from a trained generator.
 * SPDX-License-Identifier: MIT */

#include "cli/command.h"

#include <math.h>
#include <string.h>

#include "engine/generator.h"
#include "engine/npz.h"
#include "engine/picture.h"

#define BATCH 100
#define CHUNK 1000
#define MAX_COUNT 1000000
#define NO_THRESHOLD (-1.0)

typedef struct
{
  char *model, *out, *digit, *count, *seed, *threshold, *device; /* as typed */
} Typed;

typedef struct
{
  const char *model;
  const char *out;
  gboolean    npz;
  int         digit;     /* -1: each in turn */
  int         count;
  guint64     seed;
  double      threshold; /* or NO_THRESHOLD */
  const char *device;
} Options;

static Typed typed;

static const GOptionEntry entries[] = {
  { "model", 0, 0, G_OPTION_ARG_FILENAME, &typed.model,
    "A checkpoint, a model, or the folder of a run (its newest checkpoint)", "FILE" },
  { "out", 0, 0, G_OPTION_ARG_FILENAME, &typed.out,
    "Where the digits go: a picture (.png) or NumPy arrays (.npz); replaced if it is there",
    "FILE" },
  { "digit", 0, 0, G_OPTION_ARG_FILENAME, &typed.digit,
    "Only this digit; otherwise each in turn, 0 to 9", "D" },
  { "count", 0, 0, G_OPTION_ARG_FILENAME, &typed.count, "How many (100)", "N" },
  { "seed", 0, 0, G_OPTION_ARG_FILENAME, &typed.seed, "Another seed, other digits (1)", "N" },
  { "threshold", 0, 0, G_OPTION_ARG_FILENAME, &typed.threshold,
    "Ink where the generator gives at least so much (0.5); none keeps its greys", "T|none" },
  { "device", 0, 0, G_OPTION_ARG_FILENAME, &typed.device, "auto (the best there is), cpu or cuda",
    "NAME" },
  { NULL },
};

const RaqamCommand raqam_generate_command = {
  .name = "generate",
  .summary = "Draws digits with a trained model, as a picture or as NumPy arrays.",
  .usage = NULL,
  .help = "The same model, seed and options give the same digits; a larger count only adds\n"
          "to them. (Another device rounds otherwise: a grey may differ by one.) A .png is a sheet to look at, ten digits across, black on white and\n"
          "enlarged. A .npz holds “images”, uint8 of N × 28 × 28 where 255 is ink, and\n"
          "“labels”, uint8 of N: numpy.load (\"digits.npz\")[\"images\"].\n"
          "\n"
          "Examples:\n"
          "  raqam-cli generate --model my-run --out digits.png\n"
          "  raqam-cli generate --model my-run --digit 4 --count 25 --out fours.png\n"
          "  raqam-cli generate --model my-run --count 10000 --seed 7 --out digits.npz\n"
          "  raqam-cli generate --model my-run --threshold none --out greys.png\n"
          "  raqam-cli generate --model my-run --device cpu --count 1000 --out thousand.npz\n",
  .entries = entries,
};

static gboolean
misuse (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
  return FALSE;
}

/* One digit, in any script: 4 or ۴. */
static gboolean
read_digit (int *digit, const char *text, GError **error)
{
  if (text == NULL)
    return TRUE;
  if (g_utf8_validate (text, -1, NULL) && g_utf8_strlen (text, -1) == 1)
    *digit = g_unichar_digit_value (g_utf8_get_char (text));
  if (*digit >= 0)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--digit takes one digit, 0 to 9, not “%s”", text);
  return FALSE;
}

static gboolean
read_threshold (double *threshold, const char *text, GError **error)
{
  if (g_strcmp0 (text, "none") == 0)
    {
      *threshold = NO_THRESHOLD;
      return TRUE;
    }
  return raqam_command_read_number (threshold, text, "--threshold", 0, 1, error);
}

static gboolean
ends_in (const char *path, const char *suffix)
{
  gsize length = strlen (path), n = strlen (suffix);

  return length > n && g_ascii_strcasecmp (path + length - n, suffix) == 0;
}

static gboolean
read_options (Options *options, GError **error)
{
  guint64 count = 100;
  int device = 0;

  *options =
    (Options){ .model = typed.model, .out = typed.out, .digit = -1, .seed = 1, .threshold = 0.5 };

  if (typed.model == NULL)
    return misuse (error, "--model is missing: a run's folder, or one of its checkpoints");
  if (typed.out == NULL)
    return misuse (error, "--out is missing: a file that ends in .png or .npz");
  options->npz = ends_in (typed.out, ".npz");
  if (!options->npz && !ends_in (typed.out, ".png"))
    return misuse (error, "--out must end in .png, for a picture, or in .npz, for NumPy arrays");

  if (!read_digit (&options->digit, typed.digit, error)
      || !raqam_command_read_whole (&count, typed.count, "--count", 1, MAX_COUNT, error)
      || !raqam_command_read_whole (&options->seed, typed.seed, "--seed", 0, G_MAXINT64, error)
      || !read_threshold (&options->threshold, typed.threshold, error)
      || !raqam_command_read_choice (&device, typed.device, "--device", raqam_command_devices, error))
    return FALSE;

  options->count = (int) count;
  options->device = raqam_command_devices[device];
  return TRUE;
}

static gboolean
draw_on (const char *device, guint8 *pixels, const guint8 *labels, const RaqamModel *model,
         const Options *options, GError **error)
{
  RaqamDeviceOptions device_options = { 0 };
  int latent = model->recipe->latent;
  g_autoptr (RaqamGenerator) generator =
    raqam_generator_new (model, device, &device_options, BATCH, error);
  g_autofree float *z = g_new (float, (gsize) CHUNK *latent);

  if (generator == NULL)
    return FALSE;
  if (raqam_generator_get_passed_over (generator) != NULL)
    fprintf (stderr, "raqam-cli generate: %s Drawing on the CPU.\n",
             raqam_generator_get_passed_over (generator));

  for (int first = 0; first < options->count; first += CHUNK)
    {
      int n = MIN (CHUNK, options->count - first);
      guint8 *part = pixels + (gsize) first * RAQAM_IMAGE_SIZE;

      raqam_generator_random_latents (z, n, latent, options->seed, (guint64) first);
      if (!raqam_generator_draw (generator, part, z, labels + first, n, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
draw (guint8 *pixels, guint8 *labels, const RaqamModel *model, const Options *options,
      GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean drawn;

  for (int i = 0; i < options->count; i++)
    labels[i] = (guint8) (options->digit >= 0 ? options->digit : i % 10);

  drawn = draw_on (options->device, pixels, labels, model, options, &failure);
  if (!drawn && strcmp (options->device, "auto") == 0 && raqam_error_is_device (failure))
    {
      fprintf (stderr, "raqam-cli generate: %s Drawing on the CPU.\n", failure->message);
      g_clear_error (&failure);
      drawn = draw_on ("cpu", pixels, labels, model, options, &failure);
    }
  if (!drawn)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  if (options->threshold != NO_THRESHOLD)
    raqam_generator_threshold (pixels, (gsize) options->count * RAQAM_IMAGE_SIZE,
                               options->threshold);
  return TRUE;
}

/* About as wide as high; a digit to a column where all ten are drawn. */
static int
choose_columns (const Options *options)
{
  double side = sqrt (options->count);

  if (options->digit >= 0)
    return (int) ceil (side);
  return 10 * MAX (1, (int) round (side / 10));
}

static gboolean
save_picture (const guint8 *pixels, const RaqamModel *model, const Options *options, GError **error)
{
  int columns = choose_columns (options), width, height;
  RaqamPictureSheet sheet = {
    .columns = columns, .margin = 4, .scale = CLAMP (600 / (28 * columns), 1, 8), .dark_ink = TRUE
  };
  g_autofree guint8 *picture =
    raqam_picture_sheet (&width, &height, pixels, (gsize) options->count, &sheet, error);
  g_autofree char *comment =
    g_strdup_printf ("Recipe %s, step %" G_GUINT64_FORMAT ", seed %" G_GUINT64_FORMAT,
                     model->recipe->name, model->step, options->seed);
  const RaqamPictureText texts[] = { { "Software", "Raqam " RAQAM_VERSION },
                                     { "Comment", comment } };

  return picture != NULL
         && raqam_picture_save (options->out, picture, width, height, texts, G_N_ELEMENTS (texts),
                                error);
}

static gboolean
generate (const Options *options, GError **error)
{
  g_autoptr (RaqamModel) model = raqam_model_load (options->model, error);
  g_autofree guint8 *pixels = NULL, *labels = NULL;

  if (model == NULL)
    return FALSE;

  pixels = g_try_malloc_n ((gsize) options->count, RAQAM_IMAGE_SIZE);
  labels = g_malloc ((gsize) options->count);
  if (pixels == NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                   "there is no memory for %d images; draw fewer at a time", options->count);
      return FALSE;
    }

  return draw (pixels, labels, model, options, error)
         && (options->npz
               ? raqam_npz_save (options->out, pixels, labels, (gsize) options->count, TRUE, error)
               : save_picture (pixels, model, options, error));
}

int
raqam_generate (char **arguments)
{
  g_autoptr (GError) error = NULL;
  Options options;
  int status;

  if (!raqam_command_parse (&raqam_generate_command, arguments, 0, NULL, &status))
    return status;
  if (!read_options (&options, &error) || !generate (&options, &error))
    return raqam_command_fail (&raqam_generate_command, error);

  printf ("%d digit%s in %s\n", options.count, options.count == 1 ? "" : "s", options.out);
  return RAQAM_EXIT_DONE;
}
