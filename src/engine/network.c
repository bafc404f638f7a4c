/* network.c — generator and discriminator, as blocks over a backend.
 * SPDX-License-Identifier: MIT */

#include "engine/network.h"

#include <string.h>

struct _RaqamNetwork
{
  const RaqamBackend *backend;
  RaqamDevice        *device;
  int                 n_blocks;
  RaqamBlock         *block[RAQAM_MAX_LAYERS];
  float              *activation[RAQAM_MAX_LAYERS]; /* block i's output; the last one's is the caller's */
  float              *gradient[2];                  /* block i reads one of them and writes the other */
};

/* Bytes of a batch of what @spec reads. */
static gsize
input_size (const RaqamNetwork *self, const RaqamBlockSpec *spec, int batch)
{
  if (spec->inner_in)
    return batch * self->backend->edge_size (self->device, spec->in_h, spec->in_w, spec->in_c);
  return sizeof (float) * batch * spec->in_h * spec->in_w * spec->in_c;
}

RaqamNetwork *
raqam_network_new (const RaqamBackend     *backend,
                   RaqamDevice            *device,
                   const RaqamNetworkSpec *spec,
                   int                     batch,
                   gboolean                train,
                   GError                **error)
{
  RaqamNetwork *self = g_new0 (RaqamNetwork, 1);
  gsize largest[2] = { 0, 0 };

  self->backend = backend;
  self->device = device;

  for (int i = 0; i < spec->n_blocks; i++)
    {
      gsize size;

      self->block[i] = backend->block_new (device, &spec->block[i], batch, train, error);
      if (self->block[i] == NULL)
        goto failed;
      self->n_blocks = i + 1;

      if (i == 0)
        continue;
      size = input_size (self, &spec->block[i], batch);
      self->activation[i - 1] = backend->alloc (device, size, error);
      if (self->activation[i - 1] == NULL)
        goto failed;
      largest[i % 2] = MAX (largest[i % 2], size);
    }

  for (int side = 0; train && side < 2; side++)
    {
      if (largest[side] == 0)
        continue;
      self->gradient[side] = backend->alloc (device, largest[side], error);
      if (self->gradient[side] == NULL)
        goto failed;
    }

  return self;

failed:
  raqam_network_free (self);
  return NULL;
}

void
raqam_network_free (RaqamNetwork *self)
{
  if (self == NULL)
    return;

  for (int i = 0; i < self->n_blocks; i++)
    self->backend->block_free (self->block[i]);
  for (int i = 0; i < RAQAM_MAX_LAYERS; i++)
    self->backend->free (self->device, self->activation[i]);
  for (int side = 0; side < 2; side++)
    self->backend->free (self->device, self->gradient[side]);
  g_free (self);
}

gboolean
raqam_network_prepare (RaqamNetwork *self, const float *params, float *state, gboolean power,
                       GError **error)
{
  for (int i = 0; i < self->n_blocks; i++)
    if (!self->backend->block_prepare (self->block[i], params, state, power, error))
      return FALSE;

  return TRUE;
}

gboolean
raqam_network_forward (RaqamNetwork       *self,
                       float              *out,
                       const float        *in,
                       const guint8       *labels,
                       const RaqamForward *how,
                       GError            **error)
{
  RaqamForward block_how = *how;

  for (int i = 0; i < self->n_blocks; i++)
    {
      float *block_out = i == self->n_blocks - 1 ? out : self->activation[i];
      const float *block_in = i == 0 ? in : self->activation[i - 1];

      block_how.stream = how->stream + i;
      if (!self->backend->block_forward (self->block[i], block_out, block_in, labels, &block_how, error))
        return FALSE;
    }

  return TRUE;
}

const float *
raqam_network_get_activation (const RaqamNetwork *self, int block)
{
  g_return_val_if_fail (block >= 0 && block < self->n_blocks - 1, NULL);

  return self->activation[block];
}

gboolean
raqam_network_backward (RaqamNetwork *self, float *d_in, float *d_params, float *d_out,
                        GError **error)
{
  for (int i = self->n_blocks - 1; i >= 0; i--)
    {
      float *block_d_out = i == self->n_blocks - 1 ? d_out : self->gradient[(i + 1) % 2];
      float *block_d_in = i == 0 ? d_in : self->gradient[i % 2];

      if (!self->backend->block_backward (self->block[i], block_d_in, d_params, block_d_out, error))
        return FALSE;
    }

  return TRUE;
}
