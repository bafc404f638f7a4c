/* reference-block.h — a block in plain loops and double, to judge others by.
 * SPDX-License-Identifier: MIT
 *
 * Written to be obviously right, not fast: a block is a chain of stages, each
 * with its forward formula and the chain rule of it. Formulas: Ioffe and
 * Szegedy, "Batch normalization", ICML 2015; Miyato et al., "Spectral
 * normalization", ICLR 2018; engine/backend.h for the rest.
 */

#pragma once

#include "block-tensors.h"

G_BEGIN_DECLS

#define REFERENCE_MAX_STAGES 4

typedef struct _ReferenceBlock ReferenceBlock;

typedef struct
{
  void (*forward)  (ReferenceBlock *block, double *out, const double *in);
  /* @d_in is zeroed before; gradients of weights are added to zeroes. */
  void (*backward) (ReferenceBlock *block, double *d_in, const double *in, const double *d_out);
} ReferenceStage;

/* W over its largest singular value, W as a matrix (rows, columns). */
typedef struct
{
  int     rows, columns;
  double *v;     /* (columns) */
  double *hat;   /* (rows, columns): W / sigma */
  double  sigma;
} ReferenceSpectral;

struct _ReferenceBlock
{
  RaqamBlockSpec spec;
  int            batch;

  double *tensor[BLOCK_N_TENSORS];   /* the caller fills these; NULL where there is none */
  double *gradient[BLOCK_N_TRAINED]; /* made by backward */

  const ReferenceStage *stage[REFERENCE_MAX_STAGES];
  int                   n_stages;
  int                   linear; /* its place among the stages */

  /* Made by prepare. */
  ReferenceSpectral spectral, embedding_spectral;

  /* Made by forward; value[i] goes into stage i, value[n_stages] is the output. */
  double             *value[REFERENCE_MAX_STAGES + 1];
  guint8             *labels;
  RaqamForward        how;
  double             *mean;     /* (channels) as the norm used them */
  double             *variance;
};

ReferenceBlock *reference_block_new  (const RaqamBlockSpec *spec, int batch);
void            reference_block_free (ReferenceBlock *block);
void            reference_block_prepare (ReferenceBlock *block, gboolean power);

/* @in is copied to value[0]; the output is value[n_stages]. */
void reference_block_forward (ReferenceBlock *block, const double *in, const guint8 *labels,
                              const RaqamForward *how);

/* @d_in: shaped as the input, overwritten; gradients are left in @block */
void reference_block_backward (ReferenceBlock *block, double *d_in, const double *d_out);

/* Returns: how near the last forward came to the corner of a ReLU: the least |x| that
 * entered it; G_MAXDOUBLE for a block without one */
double reference_block_margin (ReferenceBlock *block);

extern const ReferenceStage reference_linear[4]; /* by RaqamBlockKind */
extern const ReferenceStage reference_norm;
extern const ReferenceStage reference_activation;
extern const ReferenceStage reference_dropout;

/* Makes v, sigma and hat of @weight; with @power u moves first. */
void reference_spectral_prepare (ReferenceSpectral *spectral, double *u, const double *weight,
                                 gboolean power);
/* Turns the gradient of hat into that of the weight. */
void reference_spectral_backward (const ReferenceSpectral *spectral, double *gradient,
                                  const double *u);

G_END_DECLS
