/* trainer-private.h — what the trainer's files share.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/network.h"
#include "engine/trainer.h"

G_BEGIN_DECLS

/* A network's slabs, in device memory. */
typedef struct
{
  RaqamNetworkSpec spec;
  float           *params;
  float           *state;
  float           *gradient;
  float           *m; /* Adam's moments */
  float           *v;
} RaqamWeights;

/* Numbers that a step comes to: what bce gives, of the discriminator's step and of
 * the generator's. */
#define RAQAM_N_RESULTS 8

/* In which order an epoch takes its images; host memory. */
typedef struct
{
  guint32 *images; /* (n); NULL for none */
  guint64  epoch;
} RaqamOrder;

struct _RaqamTrainer
{
  RaqamRecipe        *recipe;
  RaqamDataset       *dataset;
  const RaqamBackend *backend;
  RaqamDevice        *device;
  char               *passed_over; /* why it is not the GPU, or NULL */
  int                 n_threads; /* as asked for; a checkpoint tells */
  guint64             step;

  RaqamWeights weights[2];  /* by RaqamNetworkKind */
  float       *average;     /* EMA of the generator's weights; NULL where there is none */
  float       *sample_state; /* the generator's statistics for sampling */

  RaqamNetwork *generator;  /* batch */
  RaqamNetwork *judge_pair; /* discriminator on [fakes; reals] */
  RaqamNetwork *judge;      /* discriminator on fakes */
  RaqamNetwork *sampler;    /* generator on a grid of samples */

  RaqamRecording *recording;    /* of a step; NULL while there is none */
  gboolean        warm;         /* a step has been run */
  gboolean        unrecordable; /* the device refused */

  /* Device memory. */
  RaqamPulse *pulse;
  RaqamPulse *pulses; /* (RAQAM_LONGEST_RUN): of the steps of a run; each is copied to pulse in its turn */
  guint8     *data;        /* (n, 784) */
  guint8     *data_labels; /* (n) */
  guint32    *order;       /* (n + batch): an epoch's order, and how the next one begins */
  float      *z;           /* (batch, latent) */
  float      *images;      /* (2 batch, 784): fakes, then reals */
  guint8     *labels;      /* (2 batch) */
  float      *logits;      /* (2 batch) */
  float      *d_logits;    /* (2 batch) */
  float      *d_images;    /* (batch, 784) */
  float      *results;     /* RAQAM_N_RESULTS */
  float      *all_results; /* (RAQAM_LONGEST_RUN, RAQAM_N_RESULTS) */
  float      *sample_z;
  guint8     *sample_labels;
  float      *sample_images;

  /* What sample_state fits. */
  guint64 sampled_step;     /* G_MAXUINT64 for nothing */
  int     sampled_n_images; /* of its calibration */

  RaqamOrder orders[3];   /* of the epoch in hand and the two behind it; epoch e's is number e % 3 */
  guint64    order_epoch; /* whose order is on the device; G_MAXUINT64 for none */
};

double raqam_trainer_steps_per_epoch (const RaqamTrainer *self);

/* Images that a plan of the sampler draws at a time. */
int raqam_trainer_sampler_batch (const RaqamTrainer *self);

/**
 * raqam_trainer_prepare_sampler:
 *
 * Makes sample_state fit the weights that are sampled, and prepares the sampler.
 * Asked again at the same step it has nothing to do.
 */
gboolean raqam_trainer_prepare_sampler (RaqamTrainer *self, int calibration, GError **error);

/* Returns: the weights that are sampled: the average, where there is one */
const float *raqam_trainer_sampled_params (const RaqamTrainer *self);

G_END_DECLS
