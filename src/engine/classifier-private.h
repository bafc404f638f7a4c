/* classifier-private.h — what reading and training share.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/classifier.h"
#include "engine/network.h"

G_BEGIN_DECLS

struct _RaqamClassifier
{
  const RaqamBackend *backend;
  RaqamDevice        *device;
  RaqamNetworkSpec    spec;
  RaqamNetwork       *reader; /* RAQAM_CLASSIFIER_BATCH images, without training */
  RaqamNetwork       *single; /* the same for one image; NULL until one is read by itself */

  /* Device memory. */
  float *params;
  float *state;
  float *images; /* (batch, 784) */
  float *logits; /* (batch, classes) */

  /* Host memory. */
  float *host_images;
  float *host_logits;
  float *host_features;
};

#define RAQAM_CLASSIFIER_BATCH 200

/* Returns: (transfer full): the networks of a classifier on a device, with initial weights of @seed */
RaqamClassifier *raqam_classifier_new (guint64 seed, const char *device,
                                       const RaqamDeviceOptions *options, GError **error);

/* To be called after every change of the weights, before reading. */
gboolean raqam_classifier_prepare (RaqamClassifier *self, GError **error);

/**
 * raqam_softmax:
 * @probabilities: (@n, @n_classes), overwritten; may be @logits
 */
void raqam_softmax (float *probabilities, const float *logits, gsize n, int n_classes);

G_END_DECLS
