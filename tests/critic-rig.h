/* critic-rig.h — a critic, what it said, and small runs on digits that were made up.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/critic.h"
#include "engine/evaluation.h"

G_BEGIN_DECLS

#define CRITIC_N_TRAIN 600
#define CRITIC_N_TEST 200

/* Below one temporary folder. There are no real digits but those here. */
typedef struct
{
  char *folder;
  char *train, *test;      /* files of segments_write() */
  char *checkpoint;        /* of a run like "fast" on train alone */
  char *thesis_checkpoint; /* of one like "thesis" */
} CriticPlaces;

extern CriticPlaces critic_places;

typedef struct
{
  RaqamCritic *critic;
  GBytes      *only; /* nothing else may be told of, where it is not NULL; borrowed */
  gboolean     cancel_at_progress;

  /* What the signals said; searches are neighbours of another picture than before. */
  guint        n_states, n_told, n_neighbours, n_searches, n_progress, n_trained;
  GBytes      *told; /* of the last opinion but those of neighbours */
  RaqamOpinion opinion;
  GBytes      *near_told; /* of the last neighbours */
  RaqamOpinion near;
  GError      *error;
} CriticRig;

/* Makes the places; every test begins without a classifier that was kept. */
void critic_rig_begin (void);
void critic_rig_end   (void);

/* @name: behind "/critic/" */
void critic_rig_add (const char *name, void (*test_func) (CriticRig *, gconstpointer),
                     gconstpointer data);

void critic_rig_iterate (void);

/* Both wait for minutes at the most, and fail then. */
void critic_rig_wait_until     (const guint *counter, guint n);
void critic_rig_wait_for_state (CriticRig *rig, RaqamCriticData data);

void critic_rig_set_model (CriticRig *rig, const char *path);

/* Waits for both the quick opinion and the neighbours. */
void critic_rig_ask (CriticRig *rig, GBytes *pixels, int digit);

/* Returns: (transfer full): number @i of a hand that wrote none of the files */
GBytes *critic_rig_picture (int i);

/* Returns: (transfer full): both files */
RaqamEvaluationData *critic_rig_load_data (void);

G_END_DECLS
