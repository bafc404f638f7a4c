/* critic-search.h — the real digits nearest to a picture, a part at a time.
 * SPDX-License-Identifier: MIT
 *
 * One thread. Two works are done in turns: the neighbours of the newest question, at
 * most ten times a second, and, while there is none, how near unseen real digits come.
 */

#pragma once

#include "engine/critic-scale.h"
#include "engine/critic.h"
#include "engine/evaluation.h"
#include "engine/pixel-search.h"

G_BEGIN_DECLS

/* All zero before the first data. */
typedef struct
{
  const RaqamEvaluationData *data; /* borrowed; or NULL */

  /* The newest question that was not searched for, if any. */
  gboolean waiting;
  GBytes  *pixels;
  guint8   seen[RAQAM_IMAGE_SIZE];
  int      digit;
  gint64   search_due;

  /* The search in hand, or the last one. */
  gboolean         searching;
  GBytes          *searched; /* whose it is; NULL for none */
  int              searched_digit;
  RaqamPixelSearch search;

  /* How near unseen digits come. */
  RaqamCriticScale scale;
  gboolean         measuring;
  gint64           measure_due;
  int              measured_digit; /* of the one in hand or the last; -1: all are measured */
  RaqamPixelSearch measure;
} RaqamCriticSearch;

/* Forgets all of other data, the question too. @data: (nullable): must live on */
void raqam_critic_search_set_data (RaqamCriticSearch *self, const RaqamEvaluationData *data);

/**
 * raqam_critic_search_ask:
 * @pixels: what the answer will name; a reference is taken
 * @seen: (784): the same as the real digits are; copied
 */
void raqam_critic_search_ask (RaqamCriticSearch *self, GBytes *pixels, const guint8 *seen, int digit);

/* Nothing is told of a question any more. */
void raqam_critic_search_forget (RaqamCriticSearch *self);

/* Returns: when there is something to do, in monotonic time; 0 for at once, G_MAXINT64 for never */
gint64 raqam_critic_search_due (const RaqamCriticSearch *self);

/* Half a millisecond's work. Returns: whether there is something new to tell */
gboolean raqam_critic_search_go_on (RaqamCriticSearch *self);

/* @opinion: filled with what is known of neighbours and unseen digits; its pixels are
 * (transfer full) */
void raqam_critic_search_fill (const RaqamCriticSearch *self, RaqamOpinion *opinion);

G_END_DECLS
