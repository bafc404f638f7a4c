/* timeline.c — how a run's quality went: the judged checkpoints of a run.
 * SPDX-License-Identifier: MIT */

#include "engine/timeline.h"

#include "engine/file.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define N_CLASSES RAQAM_DATASET_CLASSES
#define N_FIRST (8 + 2 * N_CLASSES)           /* columns that every file has */
#define N_COLUMNS (N_FIRST + 2 + N_CLASSES)
#define ENOUGH_ACCURACY 0.99 /* of the best one's */

static char *
path_in (const char *folder)
{
  return g_build_filename (folder, "quality.csv", NULL);
}

/* @whole: with the columns that files did not have at first */
static char *
make_header (gboolean whole)
{
  GString *header = g_string_new ("step,epoch,images,seed,threshold,train,accuracy,frechet");

  for (int c = 0; c < N_CLASSES; c++)
    g_string_append_printf (header, ",accuracy_%d", c);
  for (int c = 0; c < N_CLASSES; c++)
    g_string_append_printf (header, ",frechet_%d", c);
  if (whole)
    g_string_append (header, ",recall,memorisation");
  for (int c = 0; whole && c < N_CLASSES; c++)
    g_string_append_printf (header, ",diversity_%d", c);
  g_string_append_c (header, '\n');
  return g_string_free (header, FALSE);
}

/* The classes' mean is not kept: it follows from them. */
static void
take_mean (RaqamFigure *figure)
{
  double sum = 0;

  for (int c = 0; c < N_CLASSES; c++)
    sum += figure->of_class[c];
  figure->all = sum / N_CLASSES;
}

void
raqam_quality_init (RaqamQuality *quality, const RaqamEvaluation *evaluation)
{
  *quality = (RaqamQuality){
    .step = evaluation->step,
    .epoch = evaluation->epoch,
    .n_images = evaluation->settings.n_images,
    .seed = evaluation->settings.seed,
    .threshold = evaluation->settings.threshold,
    .accuracy = { .all = evaluation->report->accuracy },
    .frechet = evaluation->frechet,
    .recall = evaluation->manifold.recall,
    .memorisation = evaluation->memorisation,
  };
  g_strlcpy (quality->train, evaluation->train_checksum, sizeof quality->train);
  for (int c = 0; c < N_CLASSES; c++)
    {
      double real = evaluation->diversity_real.of_class[c];

      quality->accuracy.of_class[c] = evaluation->report->rows[c].recall;
      quality->diversity.of_class[c] = real > 0 ? evaluation->diversity.of_class[c] / real : NAN;
    }
  take_mean (&quality->diversity);
}

static gboolean
parse_whole (guint64 *value, const char *text, guint64 max)
{
  return g_ascii_string_to_unsigned (text, 10, 0, max, value, NULL);
}

/* A number from 0 on, or nan. */
static gboolean
parse_number (double *value, const char *text, double max)
{
  char *end;

  if (!g_ascii_isdigit (*text) && strcmp (text, "nan") != 0)
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && !(*value > max) && !isinf (*value);
}

static gboolean
parse_checksum (char train[RAQAM_QUALITY_TRAIN + 1], const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isxdigit (*c))
      return FALSE;
  return g_strlcpy (train, text, RAQAM_QUALITY_TRAIN + 1) <= RAQAM_QUALITY_TRAIN;
}

/* @words: NULL for none, which is "nan" */
static gboolean
parse_later (RaqamQuality *quality, char **words)
{
  gboolean good = parse_number (&quality->recall, words != NULL ? words[0] : "nan", 1)
                  && parse_number (&quality->memorisation, words != NULL ? words[1] : "nan", 1);

  for (int c = 0; good && c < N_CLASSES; c++)
    good = parse_number (&quality->diversity.of_class[c], words != NULL ? words[2 + c] : "nan",
                         G_MAXDOUBLE);
  take_mean (&quality->diversity);
  return good;
}

static gboolean
parse_line (RaqamQuality *quality, const char *line, guint n_columns)
{
  g_auto (GStrv) words = g_strsplit (line, ",", -1);
  guint64 n_images, threshold;
  gboolean good;

  if (g_strv_length (words) != n_columns)
    return FALSE;

  good = parse_whole (&quality->step, words[0], G_MAXUINT64)
         && parse_number (&quality->epoch, words[1], G_MAXDOUBLE)
         && parse_whole (&n_images, words[2], RAQAM_EVALUATION_MAX_IMAGES)
         && parse_whole (&quality->seed, words[3], G_MAXUINT64)
         && parse_whole (&threshold, words[4], 1)
         && parse_checksum (quality->train, words[5])
         && parse_number (&quality->accuracy.all, words[6], 1)
         && parse_number (&quality->frechet.all, words[7], G_MAXDOUBLE);
  for (int c = 0; good && c < N_CLASSES; c++)
    good = parse_number (&quality->accuracy.of_class[c], words[8 + c], 1)
           && parse_number (&quality->frechet.of_class[c], words[8 + N_CLASSES + c], G_MAXDOUBLE);
  if (!good || !parse_later (quality, n_columns > N_FIRST ? words + N_FIRST : NULL))
    return FALSE;

  quality->n_images = (int) n_images;
  quality->threshold = threshold != 0;
  return TRUE;
}

/* A last line without its end was torn, and its last number may be. */
static void
parse_lines (GArray *timeline, char *text, guint n_columns)
{
  char *line = text, *newline;

  while ((newline = strchr (line, '\n')) != NULL)
    {
      const RaqamQuality *last =
        timeline->len > 0 ? &g_array_index (timeline, RaqamQuality, timeline->len - 1) : NULL;
      RaqamQuality quality;

      *newline = '\0';
      if (parse_line (&quality, line, n_columns) && (last == NULL || quality.step > last->step))
        g_array_append_val (timeline, quality);
      line = newline + 1;
    }
}

/* Returns: whether the file was one of ours, or torn in its header, or not there */
static gboolean
read_file (GArray *timeline, const char *path)
{
  g_autofree char *header = make_header (TRUE);
  g_autofree char *first_header = make_header (FALSE);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return !g_file_test (path, G_FILE_TEST_EXISTS);
  if (g_str_has_prefix (text, header))
    parse_lines (timeline, text + strlen (header), N_COLUMNS);
  else if (g_str_has_prefix (text, first_header))
    parse_lines (timeline, text + strlen (first_header), N_FIRST);
  else
    return g_str_has_prefix (header, text);
  return TRUE;
}

GArray *
raqam_timeline_read (const char *folder)
{
  g_autofree char *path = path_in (folder);
  GArray *timeline = g_array_new (FALSE, FALSE, sizeof (RaqamQuality));

  read_file (timeline, path);
  return timeline;
}

/* 17 digits bring every double back as it was. */
static void
append_number (GString *text, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (text, ',');
  g_string_append (text, isnan (number) ? "nan"
                                        : g_ascii_dtostr (buffer, sizeof buffer, number));
}

static void
append_line (GString *text, const RaqamQuality *quality)
{
  g_string_append_printf (text, "%" G_GUINT64_FORMAT, quality->step);
  append_number (text, quality->epoch);
  g_string_append_printf (text, ",%d,%" G_GUINT64_FORMAT ",%d,%s", quality->n_images, quality->seed,
                          quality->threshold ? 1 : 0, quality->train);
  append_number (text, quality->accuracy.all);
  append_number (text, quality->frechet.all);
  for (int c = 0; c < N_CLASSES; c++)
    append_number (text, quality->accuracy.of_class[c]);
  for (int c = 0; c < N_CLASSES; c++)
    append_number (text, quality->frechet.of_class[c]);
  append_number (text, quality->recall);
  append_number (text, quality->memorisation);
  for (int c = 0; c < N_CLASSES; c++)
    append_number (text, quality->diversity.of_class[c]);
  g_string_append_c (text, '\n');
}

static void
put (GArray *timeline, const RaqamQuality *quality)
{
  guint i = 0;

  while (i < timeline->len && g_array_index (timeline, RaqamQuality, i).step < quality->step)
    i++;
  if (i < timeline->len && g_array_index (timeline, RaqamQuality, i).step == quality->step)
    g_array_index (timeline, RaqamQuality, i) = *quality;
  else
    g_array_insert_val (timeline, i, *quality);
}

static gboolean
fail (const char *path, const char *why, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN, _("Cannot keep the run's quality in “%s”: %s"),
               name, why);
  return FALSE;
}

gboolean
raqam_timeline_add (const char *folder, const RaqamQuality *quality, GError **error)
{
  g_autofree char *path = path_in (folder);
  g_autofree char *header = make_header (TRUE);
  g_autoptr (GArray) timeline = g_array_new (FALSE, FALSE, sizeof (RaqamQuality));
  g_autoptr (GString) text = g_string_new (header);
  g_autoptr (GError) problem = NULL;

  if (!read_file (timeline, path))
    return fail (path, _("the file has other columns. Move it away to go on"), error);

  put (timeline, quality);
  for (guint i = 0; i < timeline->len; i++)
    append_line (text, &g_array_index (timeline, RaqamQuality, i));
  return raqam_file_replace (path, text->str, text->len, &problem)
         || fail (path, problem->message, error);
}

/* The newest of those with the most images. */
static const RaqamQuality *
find_measure (const GArray *timeline)
{
  const RaqamQuality *measure = NULL;

  for (guint i = 0; i < timeline->len; i++)
    {
      const RaqamQuality *quality = &g_array_index (timeline, RaqamQuality, i);

      if (measure == NULL || quality->n_images >= measure->n_images)
        measure = quality;
    }
  return measure;
}

static gboolean
compares (const RaqamQuality *quality, const RaqamQuality *measure)
{
  return quality->n_images == measure->n_images && strcmp (quality->train, measure->train) == 0;
}

gboolean
raqam_timeline_compares (const GArray *timeline, guint i)
{
  return compares (&g_array_index (timeline, RaqamQuality, i), find_measure (timeline));
}

int
raqam_timeline_best (const GArray *timeline)
{
  const RaqamQuality *measure = find_measure (timeline);
  int best = -1;
  double accuracy = 0;

  for (guint i = 0; i < timeline->len; i++)
    {
      const RaqamQuality *quality = &g_array_index (timeline, RaqamQuality, i);

      if (compares (quality, measure) && quality->accuracy.all > accuracy)
        accuracy = quality->accuracy.all;
    }
  for (guint i = 0; i < timeline->len; i++)
    {
      const RaqamQuality *quality = &g_array_index (timeline, RaqamQuality, i);

      if (compares (quality, measure) && quality->accuracy.all >= ENOUGH_ACCURACY * accuracy
          && !isnan (quality->frechet.all)
          && (best < 0
              || quality->frechet.all < g_array_index (timeline, RaqamQuality, best).frechet.all))
        best = (int) i;
    }
  return best;
}
