/* signs.c — signs of trouble in a run, as lines of text.
 * SPDX-License-Identifier: MIT */

#include "cli/signs.h"

void
raqam_signs_tell (RaqamSignsTold *told, RaqamProgressLine *line, const RaqamCoach *coach)
{
  g_autoptr (GPtrArray) signs = raqam_coach_list (coach);

  for (guint i = 0; i < signs->len; i++)
    {
      const RaqamSign *sign = signs->pdata[i];

      if (!sign->holds || sign->n_times <= told->n_times[sign->kind])
        continue;
      told->n_times[sign->kind] = sign->n_times;
      raqam_progress_line_say (line, "%s, since epoch %.2f. %s", raqam_sign_title (sign->kind),
                               sign->began, sign->evidence);
    }
}

static void
print_sign (FILE *stream, const RaqamSign *sign)
{
  fprintf (stream, "  %s (%s", raqam_sign_title (sign->kind), raqam_sign_key (sign->kind));
  if (sign->holds)
    fprintf (stream, ", since epoch %.2f", sign->began);
  else
    fprintf (stream, ", epochs %.2f to %.2f", sign->began, sign->ended);
  if (sign->n_times > 1)
    fprintf (stream, ", for the %u. time", sign->n_times);
  fprintf (stream, ")\n    %s\n    %s\n", sign->evidence, raqam_sign_advice (sign->kind));
}

void
raqam_signs_print (FILE *stream, const RaqamCoach *coach)
{
  g_autoptr (GPtrArray) signs = raqam_coach_list (coach);

  if (signs->len > 0)
    fputs ("Signs of trouble:\n", stream);
  for (guint i = 0; i < signs->len; i++)
    print_sign (stream, signs->pdata[i]);
}
