/* blend.h — a model whose labels are the steps from one digit to another.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/model.h"

G_BEGIN_DECLS

/**
 * raqam_model_blend:
 * @first: a label of @model
 * @second: another
 * @n_steps: 2 to 256
 *
 * A label reaches a generator as a row of weights that is added (the one-hot input
 * of its dense layer) or as a row of norm's scale and shift. A mixed label is the
 * same mixture of rows, so every block draws it as it draws a digit: label k of the
 * new model is (1 − t) · @first + t · @second, t = k / (n_steps − 1). The rest of the
 * generator is a copy; a discriminator is left out. Any thread.
 *
 * Returns: (transfer full): a model of @n_steps classes, with @model's origin
 */
RaqamModel *raqam_model_blend (const RaqamModel *model, int first, int second, int n_steps);

G_END_DECLS
