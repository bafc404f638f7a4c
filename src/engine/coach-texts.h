/* coach-texts.h — what a sign of trouble is called, and what usually helps.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RAQAM_SIGN_BREAKDOWN,
  RAQAM_SIGN_EXPLOSION,
  RAQAM_SIGN_COLLAPSE,
  RAQAM_SIGN_DISCRIMINATOR_WINS,
  RAQAM_SIGN_DISCRIMINATOR_LOST,
  RAQAM_SIGN_OSCILLATION,
  RAQAM_SIGN_MEMORISATION,
  RAQAM_SIGN_STAGNATION,
  RAQAM_SIGN_NO_RATE,
  RAQAM_N_SIGNS
} RaqamSignKind;

typedef enum
{
  RAQAM_SEVERITY_NOTE,    /* nothing is wrong: it is worth knowing */
  RAQAM_SEVERITY_WARNING, /* may pass by itself */
  RAQAM_SEVERITY_SEVERE,  /* does not pass as a rule */
} RaqamSeverity;

/* What was measured; a sign fills those that its sentence names. */
typedef struct
{
  double epoch;      /* where it was measured */
  double loss[2];    /* generator, discriminator */
  double p_real[2];  /* of real images, of fakes */
  double low, high;  /* of a swing */
  double now, best;  /* of a figure of a judgement, and the run's best before */
  double best_epoch;
  double accuracy;
  int    digit;      /* or -1 for all of them */
  int    n;          /* how many */
  int    sides;      /* of networks: 1 generator, 2 discriminator, 3 both */
} RaqamSignFigures;

/* Returns: (transfer full): @value with so many decimals, for people */
typedef char *(*RaqamNumberFormat) (double value, int decimals);

/* Returns: (transfer none): in files and documents: lower case and "-", never translated */
const char   *raqam_sign_key      (RaqamSignKind kind);
RaqamSeverity raqam_sign_severity (RaqamSignKind kind);

/* Returns: (transfer none): translated */
const char   *raqam_sign_title    (RaqamSignKind kind);
const char   *raqam_sign_advice   (RaqamSignKind kind);

/* Returns: (transfer full): one sentence, translated; @format as raqam_coach_new() */
char *raqam_sign_evidence (RaqamSignKind kind, const RaqamSignFigures *figures,
                           RaqamNumberFormat format);

G_END_DECLS
