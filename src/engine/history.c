/* history.c — metrics.csv of a run: one line for each step.
 * SPDX-License-Identifier: MIT */

#include "engine/history.h"

#include "engine/file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#define HEADER                                                              \
  "step,epoch,seconds,loss_generator,loss_discriminator,p_real,p_fake,"     \
  "rate_generator,rate_discriminator,images_per_second\n"

enum
{
  EPOCH,
  SECONDS,
  LOSS,
  P_REAL = LOSS + 2,
  RATE = P_REAL + 2,
  SPEED = RATE + 2,
  N_NUMBERS
};

struct _RaqamHistory
{
  char *path;
  int fd;
  gint64 size;    /* bytes that are surely in the file */
  double seconds; /* of training before this session */
  gint64 opened;  /* monotonic, in microseconds */
  GString *waiting;
};

/* What is kept of a file. */
typedef struct
{
  char *text; /* all of it; NULL where there is no file */
  gsize file_size;
  GArray *points;
  gsize size;     /* bytes of the lines kept; 0 where not even the header is whole */
  double seconds; /* at the last of them */
} Kept;

static gboolean
fail (const char *path, const char *why, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN, _("Cannot keep the run's curves in “%s”: %s"),
               name, why);
  return FALSE;
}

/* One line, its newline already gone. */
static gboolean
parse_line (const char *line, RaqamPoint *point, double *seconds)
{
  double number[N_NUMBERS];
  char *end;

  if (!g_ascii_isdigit (*line))
    return FALSE;
  *point = (RaqamPoint){ .step = g_ascii_strtoull (line, &end, 10) };
  for (int i = 0; i < N_NUMBERS; i++)
    {
      const char *at = end + 1;

      if (*end != ',' || g_ascii_isspace (*at))
        return FALSE;
      number[i] = g_ascii_strtod (at, &end);
      if (end == at)
        return FALSE;
    }
  point->epoch = number[EPOCH];
  *seconds = number[SECONDS];
  for (int side = 0; side < 2; side++)
    {
      point->loss[side] = (float) number[LOSS + side];
      point->p_real[side] = (float) number[P_REAL + side];
      point->rate[side] = (float) number[RATE + side];
    }
  return *end == '\0';
}

/* Keeps the lines that are whole, in order, and not past @keep_steps. */
static void
keep_lines (Kept *kept, guint64 keep_steps)
{
  guint64 last = 0;
  char *line = kept->text + strlen (HEADER), *newline;

  kept->size = strlen (HEADER);
  while ((newline = strchr (line, '\n')) != NULL)
    {
      RaqamPoint point;
      double seconds;
      gboolean good;

      *newline = '\0';
      good = parse_line (line, &point, &seconds);
      *newline = '\n';
      if (!good || point.step <= last || point.step > keep_steps)
        return;
      g_array_append_val (kept->points, point);
      kept->seconds = isfinite (seconds) ? seconds : 0;
      last = point.step;
      line = newline + 1;
      kept->size = (gsize) (line - kept->text);
    }
}

static void
kept_clear (Kept *kept)
{
  g_clear_pointer (&kept->points, g_array_unref);
  g_clear_pointer (&kept->text, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Kept, kept_clear)

/* A file that is not there, or was torn in its header, is an empty one. */
static gboolean
kept_read (Kept *kept, const char *path, guint64 keep_steps, GError **error)
{
  g_autoptr (GError) problem = NULL;

  *kept = (Kept){ .points = g_array_new (FALSE, FALSE, sizeof (RaqamPoint)) };
  if (!g_file_get_contents (path, &kept->text, &kept->file_size, &problem))
    return g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT)
           || fail (path, problem->message, error);

  if (g_str_has_prefix (kept->text, HEADER))
    keep_lines (kept, keep_steps);
  else if (!g_str_has_prefix (HEADER, kept->text))
    return fail (path, _("the file has other columns. Move it away to go on"), error);
  return TRUE;
}

/* Makes the file what is kept of it. */
static gboolean
cut_back (Kept *kept, const char *path, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gboolean empty = kept->size == 0;

  if (!empty && kept->size == kept->file_size)
    return TRUE;
  if (empty)
    kept->size = strlen (HEADER);
  return raqam_file_replace (path, empty ? HEADER : kept->text, kept->size, &problem)
         || fail (path, problem->message, error);
}

RaqamHistory *
raqam_history_open (const char *folder, guint64 keep_steps, GArray **points, GError **error)
{
  g_autoptr (RaqamHistory) self = NULL;
  g_auto (Kept) kept = { 0 };

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_new0 (RaqamHistory, 1);
  self->fd = -1;
  self->path = g_build_filename (folder, "metrics.csv", NULL);
  self->waiting = g_string_new (NULL);
  if (!kept_read (&kept, self->path, keep_steps, error) || !cut_back (&kept, self->path, error))
    return NULL;

  self->fd = open (self->path, O_WRONLY | O_CLOEXEC);
  if (self->fd < 0)
    {
      fail (self->path, g_strerror (errno), error);
      return NULL;
    }
  self->size = (gint64) kept.size;
  self->seconds = kept.seconds;
  self->opened = g_get_monotonic_time ();
  if (points != NULL)
    *points = g_steal_pointer (&kept.points);
  return g_steal_pointer (&self);
}

GArray *
raqam_history_read (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "metrics.csv", NULL);
  g_auto (Kept) kept = { 0 };

  if (!kept_read (&kept, path, G_MAXUINT64, error))
    return NULL;
  return g_steal_pointer (&kept.points);
}

/* "%.9g" brings every float back as it was. */
static void
append_number (GString *line, const char *format, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (line, ',');
  if (isnan (number))
    g_string_append (line, "nan");
  else
    g_string_append (line, g_ascii_formatd (buffer, sizeof buffer, format, number));
}

void
raqam_history_add (RaqamHistory *self, const RaqamPoint *point, double images_per_second)
{
  double session = (double) (g_get_monotonic_time () - self->opened) / G_USEC_PER_SEC;

  g_string_append_printf (self->waiting, "%" G_GUINT64_FORMAT, point->step);
  append_number (self->waiting, "%.9g", point->epoch);
  append_number (self->waiting, "%.3f", self->seconds + session);
  append_number (self->waiting, "%.9g", point->loss[0]);
  append_number (self->waiting, "%.9g", point->loss[1]);
  append_number (self->waiting, "%.9g", point->p_real[0]);
  append_number (self->waiting, "%.9g", point->p_real[1]);
  append_number (self->waiting, "%.9g", point->rate[0]);
  append_number (self->waiting, "%.9g", point->rate[1]);
  append_number (self->waiting, "%.1f", images_per_second);
  g_string_append_c (self->waiting, '\n');
}

/* At the place where the last whole flush ended, so that a failed one leaves nothing. */
gboolean
raqam_history_flush (RaqamHistory *self, GError **error)
{
  for (gsize done = 0; done < self->waiting->len;)
    {
      gssize n = pwrite (self->fd, self->waiting->str + done, self->waiting->len - done,
                         self->size + (gint64) done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return fail (self->path, g_strerror (n < 0 ? errno : EIO), error);
      done += (gsize) n;
    }
  if (fsync (self->fd) != 0)
    return fail (self->path, g_strerror (errno), error);

  self->size += (gint64) self->waiting->len;
  g_string_truncate (self->waiting, 0);
  return TRUE;
}

void
raqam_history_close (RaqamHistory *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_string_free (self->waiting, TRUE);
  g_free (self->path);
  g_free (self);
}
