/* critic.h — what those who know real digits say of a picture, on a thread of their own.
 * SPDX-License-Identifier: MIT
 *
 * The classifier says which digit it reads, the discriminator how real the picture
 * looks to it, and the training images which of them come nearest. The real digits are
 * those of the run that the model is from (raqam_real_paths_of_model()), and the
 * classifier is the evaluation's.
 *
 * Where the data are binarised, the classifier and the neighbours are shown the picture
 * black and white too (raqam_generator_binarise()), as the evaluation does: grey edges
 * would be a distance that no real digit has.
 *
 * Everything here is called on the main context that made the critic and returns at
 * once. What is missing is a state, never an error.
 */

#pragma once

#include "engine/dataset.h"
#include "engine/model.h"

G_BEGIN_DECLS

#define RAQAM_CRITIC_NEIGHBOURS 8

typedef enum
{
  RAQAM_CRITIC_NO_MODEL,
  RAQAM_CRITIC_LOADING, /* the real digits are being read */
  RAQAM_CRITIC_READY,
  RAQAM_CRITIC_NO_DATA,  /* none were found */
  RAQAM_CRITIC_BAD_DATA, /* they cannot be used */
} RaqamCriticData;

typedef struct
{
  RaqamCriticData data;
  char           *problem;           /* with BAD_DATA: why, in sentences; else NULL */
  gboolean        has_discriminator; /* the model brought one */
  gboolean        has_classifier;    /* there is one of these data */
} RaqamCriticState;

/* A real digit. */
typedef struct
{
  guint32 index; /* in the training part */
  int     label;
  double  distance; /* root mean square difference of ink: 0 for a copy, 1 for black on white */
  guint8  pixels[RAQAM_IMAGE_SIZE];
} RaqamNeighbour;

/* What is not known in one opinion stands as it was told before. */
typedef struct
{
  GBytes *pixels; /* the picture that was asked about */
  int     digit;

  gboolean has_probabilities;
  float    probabilities[RAQAM_DATASET_CLASSES];

  gboolean has_realness;
  float    realness; /* as raqam_discriminator_read() */

  int            n_neighbours; /* 0 or RAQAM_CRITIC_NEIGHBOURS, or all there are */
  RaqamNeighbour neighbours[RAQAM_CRITIC_NEIGHBOURS]; /* nearest first */

  /* With neighbours: how near real digits of this class which are not among the
   * training images come to them: one in twenty nearer than near, one in two nearer
   * than median, one in twenty further than far. */
  gboolean has_unseen;
  double   unseen_near, unseen_median, unseen_far;
} RaqamOpinion;

#define RAQAM_TYPE_CRITIC (raqam_critic_get_type ())
G_DECLARE_FINAL_TYPE (RaqamCritic, raqam_critic, RAQAM, CRITIC, GObject)

/**
 * RaqamCritic:
 *
 * Property "training" (boolean, read-only, notifies): from
 * raqam_critic_train_classifier() to "trained".
 *
 * Signals, with their C handlers:
 * "state-changed": void (RaqamCritic *, gpointer): see raqam_critic_get_state()
 * "told":     void (RaqamCritic *, const RaqamOpinion *, gpointer): probabilities and
 *             realness at once; the neighbours by themselves after that, at most ten
 *             times a second, and once more when it is known how near unseen digits come
 * "progress": void (RaqamCritic *, double done, gpointer): of the training, 0 to 1
 * "trained":  void (RaqamCritic *, const GError *error_or_null, gpointer): the training
 *             is over; it has a classifier now, or was cancelled (no error), or failed
 */
RaqamCritic *raqam_critic_new (void);

/**
 * raqam_critic_set_model:
 *
 * Takes a reference. Looks for the real digits and their classifier; the same files are
 * not read again. What was asked of another model is not answered any more.
 */
void raqam_critic_set_model (RaqamCritic *self, RaqamModel *model);

/* Returns: (transfer none): never NULL; until the next "state-changed" */
const RaqamCriticState *raqam_critic_get_state (RaqamCritic *self);

/**
 * raqam_critic_ask:
 * @pixels: (784), 255 is ink, as raqam_generator_clear_paper() leaves it; a reference is taken
 * @digit: which it is meant to be, 0 to 9
 *
 * Of several questions that wait the newest is answered, by "told".
 */
void raqam_critic_ask (RaqamCritic *self, GBytes *pixels, int digit);

/**
 * raqam_critic_train_classifier:
 *
 * Trains the classifier of these data as the evaluation does, and keeps it where the
 * evaluation does; minutes on a CPU, in a thread that gives way to others. Questions are
 * answered meanwhile. Other data cancel it. Nothing where it is training already.
 */
void raqam_critic_train_classifier (RaqamCritic *self);
void raqam_critic_cancel_training  (RaqamCritic *self);

gboolean raqam_critic_is_training (RaqamCritic *self);

/* Joins the threads: the one call that blocks. Disposing does the same. */
void raqam_critic_close (RaqamCritic *self);

G_END_DECLS
