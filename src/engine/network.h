/* network.h — generator and discriminator, as blocks over a backend.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"
#include "engine/recipe.h"

G_BEGIN_DECLS

typedef enum
{
  RAQAM_GENERATOR,     /* latent vectors and labels → images */
  RAQAM_DISCRIMINATOR, /* images and labels → logits: above 0 is fake */
} RaqamNetworkKind;

/* The blocks of a network and where their tensors lie. Plain data. */
typedef struct
{
  RaqamNetworkKind kind;
  int              n_blocks;
  RaqamBlockSpec   block[RAQAM_MAX_LAYERS];
  gsize            n_params; /* floats in the slab of weights, gaps of alignment among them */
  gsize            n_state;  /* floats in the slab of state */
} RaqamNetworkSpec;

/* One tensor in a slab, under the name it is saved by. */
typedef struct
{
  char     name[48]; /* "0.weight", "1.norm.running_mean"; the number is the recipe's layer */
  gboolean state;    /* in the slab of state, not of weights */
  gsize    offset;   /* floats */
  gsize    n;        /* floats */
  int      n_dims;
  guint64  shape[4]; /* as in PyTorch, but for a dense layer's rows: height, width, channel */
  gsize    fan;      /* of a weight: fan_in + fan_out; 0 for everything else */
  float    initial;  /* of everything else: what it starts at */
} RaqamTensorInfo;

#define RAQAM_MAX_TENSORS (RAQAM_MAX_LAYERS * 9)

/**
 * raqam_network_spec_init:
 * @recipe: one that raqam_recipe_check() accepts
 *
 * A norm behind the activation of the layer before a one-channel convolution
 * becomes that convolution's norm of input, so that a backend can fold it.
 */
void raqam_network_spec_init (RaqamNetworkSpec *self, const RaqamRecipe *recipe,
                              RaqamNetworkKind kind);

/**
 * raqam_network_spec_add:
 * @block: copied; its layout is made here
 *
 * Adds a block behind those there are; for networks that no recipe describes.
 */
void raqam_network_spec_add (RaqamNetworkSpec *self, const RaqamBlockSpec *block);

/**
 * raqam_network_spec_tensors:
 * @tensors: RAQAM_MAX_TENSORS of them
 *
 * Returns: how many there are
 */
int raqam_network_spec_tensors (RaqamTensorInfo *tensors, const RaqamNetworkSpec *self);

/**
 * raqam_network_spec_checksum:
 * @params: n_params; host memory
 * @state: n_state; host memory
 *
 * Returns: (transfer full): SHA-256 of the tensors, in their order, and of nothing
 *   between them; 64 hexadecimal digits
 */
char *raqam_network_spec_checksum (const RaqamNetworkSpec *self, const float *params,
                                   const float *state);

/**
 * raqam_network_initialise:
 * @params: n_params, overwritten; host memory
 * @state: n_state, overwritten; host memory
 *
 * The recipe's initial weights, from its seed.
 */
void raqam_network_initialise (float *params, float *state, const RaqamNetworkSpec *self,
                               const RaqamRecipe *recipe);

/* A network planned for one batch size on one device; it holds the activations,
 * not the weights, so that several plans can share a slab. */
typedef struct _RaqamNetwork RaqamNetwork;

/**
 * raqam_network_new:
 * @train: whether raqam_network_backward() will be called
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_MEMORY or RAQAM_ERROR_DEVICE
 */
RaqamNetwork *raqam_network_new  (const RaqamBackend *backend, RaqamDevice *device,
                                  const RaqamNetworkSpec *spec, int batch, gboolean train,
                                  GError **error);
void          raqam_network_free (RaqamNetwork *self);

/* As block_prepare, for all blocks. @params and @state are device memory. */
gboolean raqam_network_prepare (RaqamNetwork *self, const float *params, float *state,
                                gboolean power, GError **error);

/**
 * raqam_network_forward:
 * @out: device memory: (N, 28, 28, 1), or (N) logits
 * @in: device memory: (N, latent), or (N, 28, 28, 1)
 * @labels: device memory: (N)
 * @how: its stream is that of the first block's dropout; each next block's is one more
 *
 * After a TRAIN forward @out, @in and @labels must stay as they are until the backward.
 */
gboolean raqam_network_forward (RaqamNetwork *self, float *out, const float *in,
                                const guint8 *labels, const RaqamForward *how, GError **error);

/**
 * raqam_network_get_activation:
 * @block: not the last, whose output is the caller's
 *
 * Returns: (transfer none): device memory: what the block gave in the last forward,
 *   in a layout of the device's own where the block's spec has inner_out
 */
const float *raqam_network_get_activation (const RaqamNetwork *self, int block);

/* As block_backward, through all blocks from last to first. */
gboolean raqam_network_backward (RaqamNetwork *self, float *d_in, float *d_params, float *d_out,
                                 GError **error);

G_END_DECLS
