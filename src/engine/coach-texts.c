/* coach-texts.c — what a sign of trouble is called, and what usually helps.
 * SPDX-License-Identifier: MIT */

#include "engine/coach-texts.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *key;
  RaqamSeverity severity;
  const char *title;
  const char *advice;
} Text;

static const Text texts[] = {
  [RAQAM_SIGN_BREAKDOWN] = {
    .key = "breakdown",
    .severity = RAQAM_SEVERITY_SEVERE,
    .title = N_ ("The training broke down"),
    .advice = N_ ("Start again with both learning rates a tenth of what they are, or go on from an "
                  "earlier checkpoint with lower ones. Spectral norm in the discriminator, a "
                  "longer warm-up and a larger batch make it steadier, and so does full precision "
                  "(f32) where another was chosen."),
  },
  [RAQAM_SIGN_EXPLOSION] = {
    .key = "explosion",
    .severity = RAQAM_SEVERITY_SEVERE,
    .title = N_ ("A loss has exploded"),
    .advice = N_ ("Lower the learning rate of the network whose loss it is; where it is the "
                  "generator's, the discriminator's too, for it judges too harshly. Spectral norm "
                  "in the discriminator and a longer warm-up help."),
  },
  [RAQAM_SIGN_COLLAPSE] = {
    .key = "collapse",
    .severity = RAQAM_SEVERITY_SEVERE,
    .title = N_ ("The generator is collapsing"),
    .advice = N_ ("It draws fewer and fewer kinds of pictures, each still well. Go back to the "
                  "checkpoint of its best variety. A lower learning rate, above all the "
                  "generator's, a larger batch, spectral norm or more dropout in the "
                  "discriminator, and averaged weights (EMA) usually help."),
  },
  [RAQAM_SIGN_DISCRIMINATOR_WINS] = {
    .key = "discriminator-wins",
    .severity = RAQAM_SEVERITY_WARNING,
    .title = N_ ("The discriminator wins"),
    .advice = N_ ("It knows every fake, and so teaches the generator hardly anything. Lower the "
                  "discriminator's learning rate or raise the generator's; more dropout or "
                  "spectral norm in the discriminator, or a smaller one, help too."),
  },
  [RAQAM_SIGN_DISCRIMINATOR_LOST] = {
    .key = "discriminator-lost",
    .severity = RAQAM_SEVERITY_WARNING,
    .title = N_ ("The discriminator cannot tell any more"),
    .advice = N_ ("Where the pictures are good this is the end of the road, and you may stop. "
                  "Where they are not, the discriminator has given up: raise its learning rate, "
                  "lower the generator's, or give it more filters or less dropout."),
  },
  [RAQAM_SIGN_OSCILLATION] = {
    .key = "oscillation",
    .severity = RAQAM_SEVERITY_WARNING,
    .title = N_ ("The networks swing to and fro"),
    .advice = N_ ("Each undoes what the other has learnt. Lower both learning rates or let them "
                  "fall towards the end, lower Adam's β₁ (0.5 or 0), and take the averaged "
                  "weights (EMA), which even the swings out."),
  },
  [RAQAM_SIGN_MEMORISATION] = {
    .key = "memorisation",
    .severity = RAQAM_SEVERITY_WARNING,
    .title = N_ ("The pictures are too near to the training pictures"),
    .advice = N_ ("They may be copies, or so alike as average pictures are: look at the nearest "
                  "real digits on the Explore page. Train on more pictures, stop earlier, or take "
                  "smaller networks; more dropout in the discriminator helps too."),
  },
  [RAQAM_SIGN_STAGNATION] = {
    .key = "stagnation",
    .severity = RAQAM_SEVERITY_NOTE,
    .title = N_ ("It does not get better any more"),
    .advice = N_ ("Consider stopping: the best checkpoint is kept. A learning rate that falls "
                  "often brings a last improvement; else larger networks or more data may."),
  },
  [RAQAM_SIGN_NO_RATE] = {
    .key = "no-rate",
    .severity = RAQAM_SEVERITY_NOTE,
    .title = N_ ("The learning rate has reached zero"),
    .advice = N_ ("Steps from here on change nothing. Stop, or choose a schedule that falls more "
                  "slowly or ends above zero."),
  },
};
G_STATIC_ASSERT (G_N_ELEMENTS (texts) == RAQAM_N_SIGNS);

static const Text *
text_of (RaqamSignKind kind)
{
  g_assert (kind >= 0 && kind < RAQAM_N_SIGNS);
  return &texts[kind];
}

const char *
raqam_sign_key (RaqamSignKind kind)
{
  return text_of (kind)->key;
}

RaqamSeverity
raqam_sign_severity (RaqamSignKind kind)
{
  return text_of (kind)->severity;
}

const char *
raqam_sign_title (RaqamSignKind kind)
{
  return _ (text_of (kind)->title);
}

const char *
raqam_sign_advice (RaqamSignKind kind)
{
  return _ (text_of (kind)->advice);
}

#define MAX_NUMBERS 6

/* Numbers as people read them. */
typedef struct
{
  char *text[MAX_NUMBERS];
} Numbers;

static char *
format_plainly (double value, int decimals)
{
  char format[8], buffer[512];

  g_snprintf (format, sizeof format, "%%.%df", CLAMP (decimals, 0, 9));
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, format, value));
}

static void
add_number (Numbers *numbers, RaqamNumberFormat format, double value, int decimals)
{
  int i = 0;

  while (numbers->text[i] != NULL)
    i++;
  numbers->text[i] = (format != NULL ? format : format_plainly) (value, decimals);
}

static void
numbers_clear (Numbers *numbers)
{
  for (int i = 0; i < MAX_NUMBERS; i++)
    g_clear_pointer (&numbers->text[i], g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Numbers, numbers_clear)

/* What is known of the curves. */
static char *
curve_evidence (RaqamSignKind kind, const RaqamSignFigures *f, RaqamNumberFormat format)
{
  g_auto (Numbers) n = { 0 };
  gboolean chances = kind == RAQAM_SIGN_DISCRIMINATOR_WINS || kind == RAQAM_SIGN_DISCRIMINATOR_LOST;

  add_number (&n, format, f->epoch, 2);
  for (int side = 0; side < 2 && chances; side++)
    add_number (&n, format, 100 * f->p_real[side], 1);
  if (kind == RAQAM_SIGN_OSCILLATION)
    {
      add_number (&n, format, f->n, 0);
      add_number (&n, format, f->low, 2);
      add_number (&n, format, f->high, 2);
    }
  for (int side = 0; side < 2 && kind != RAQAM_SIGN_OSCILLATION; side++)
    add_number (&n, format, f->loss[side], f->loss[side] < 100 ? 3 : 0);

  switch (kind)
    {
    case RAQAM_SIGN_EXPLOSION:
      /* Translators: an epoch, two losses */
      return g_strdup_printf (
        _("Up to epoch %s the loss of the generator was %s and that of the discriminator %s."),
        n.text[0], n.text[1], n.text[2]);
    case RAQAM_SIGN_DISCRIMINATOR_WINS:
      /* Translators: an epoch, two percentages, a loss */
      return g_strdup_printf (
        _("Up to epoch %s the discriminator gave real images %s %% of being real and fakes only %s %%, "
          "and the generator's loss (%s) did not fall."),
        n.text[0], n.text[1], n.text[2], n.text[3]);
    case RAQAM_SIGN_DISCRIMINATOR_LOST:
      /* Translators: an epoch, two percentages, a loss */
      return g_strdup_printf (
        _("Up to epoch %s the discriminator gave real images %s %% of being real and fakes %s %%; its "
          "loss (%s) is not below that of tossing a coin (ln 2)."),
        n.text[0], n.text[1], n.text[2], n.text[4]);
    case RAQAM_SIGN_OSCILLATION:
    default:
      /* Translators: an epoch, how often, two losses */
      return g_strdup_printf (_("Up to epoch %s the generator's loss turned round %s times, the last "
                                "time between %s and %s."),
                              n.text[0], n.text[1], n.text[2], n.text[3]);
    }
}

static char *
collapse_evidence (const RaqamSignFigures *f, RaqamNumberFormat format)
{
  g_auto (Numbers) n = { 0 };

  add_number (&n, format, 100 * f->best, 1);
  add_number (&n, format, f->best_epoch, 2);
  add_number (&n, format, 100 * f->now, 1);
  add_number (&n, format, f->epoch, 2);
  add_number (&n, format, 100 * f->accuracy, 1);
  add_number (&n, format, f->digit, 0);
  if (f->digit < 0)
    /* Translators: a percentage, an epoch, a percentage, an epoch, a percentage */
    return g_strdup_printf (_("The recall of the distribution fell from %s %% in epoch %s to %s %% in "
                              "epoch %s, while the accuracy stayed (%s %%)."),
                            n.text[0], n.text[1], n.text[2], n.text[3], n.text[4]);
  /* Translators: first a digit from 0 to 9, then a percentage, an epoch, a percentage, an epoch, a
   * percentage */
  return g_strdup_printf (_("The diversity of the digit %s fell from %s %% of that of real ones in "
                            "epoch %s to %s %% in epoch %s, while its accuracy stayed (%s %%)."),
                          n.text[5], n.text[0], n.text[1], n.text[2], n.text[3], n.text[4]);
}

static char *
judged_evidence (RaqamSignKind kind, const RaqamSignFigures *f, RaqamNumberFormat format)
{
  g_auto (Numbers) n = { 0 };

  add_number (&n, format, f->epoch, 2);
  add_number (&n, format, kind == RAQAM_SIGN_MEMORISATION ? 100 * f->now : f->n,
              kind == RAQAM_SIGN_MEMORISATION ? 1 : 0);
  add_number (&n, format, f->best, 2);
  add_number (&n, format, f->best_epoch, 2);
  if (kind == RAQAM_SIGN_MEMORISATION)
    /* Translators: an epoch, a percentage */
    return g_strdup_printf (_("In epoch %s generated pictures were nearer to the training pictures than "
                              "unseen real ones in %s %% of cases; 50 %% is good."),
                            n.text[0], n.text[1]);
  /* Translators: an epoch, how many, a figure, an epoch */
  return g_strdup_printf (_("By epoch %s, %s judgements in a row had not come below the best FID, %s in "
                            "epoch %s."),
                          n.text[0], n.text[1], n.text[2], n.text[3]);
}

/* Breakdown and rate: an epoch and nothing else. */
static char *
bare_evidence (RaqamSignKind kind, const RaqamSignFigures *f, RaqamNumberFormat format)
{
  g_auto (Numbers) n = { 0 };

  add_number (&n, format, f->epoch, 2);
  if (kind == RAQAM_SIGN_BREAKDOWN)
    /* Translators: an epoch */
    return g_strdup_printf (_("In epoch %s a loss was no finite number any more."), n.text[0]);
  if (f->sides == 1)
    /* Translators: an epoch */
    return g_strdup_printf (_("Up to epoch %s the generator's learning rate was 0."), n.text[0]);
  if (f->sides == 2)
    /* Translators: an epoch */
    return g_strdup_printf (_("Up to epoch %s the discriminator's learning rate was 0."), n.text[0]);
  /* Translators: an epoch */
  return g_strdup_printf (_("Up to epoch %s both learning rates were 0."), n.text[0]);
}

char *
raqam_sign_evidence (RaqamSignKind kind, const RaqamSignFigures *figures, RaqamNumberFormat format)
{
  switch (kind)
    {
    case RAQAM_SIGN_EXPLOSION:
    case RAQAM_SIGN_DISCRIMINATOR_WINS:
    case RAQAM_SIGN_DISCRIMINATOR_LOST:
    case RAQAM_SIGN_OSCILLATION:
      return curve_evidence (kind, figures, format);
    case RAQAM_SIGN_COLLAPSE:
      return collapse_evidence (figures, format);
    case RAQAM_SIGN_MEMORISATION:
    case RAQAM_SIGN_STAGNATION:
      return judged_evidence (kind, figures, format);
    case RAQAM_SIGN_BREAKDOWN:
    case RAQAM_SIGN_NO_RATE:
    case RAQAM_N_SIGNS:
    default:
      return bare_evidence (kind, figures, format);
    }
}
