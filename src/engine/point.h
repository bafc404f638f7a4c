/* point.h — one step of the training curves.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct
{
  guint64 step;      /* steps done, this one among them */
  double  epoch;     /* epochs done */
  float   loss[2];   /* generator, discriminator */
  float   p_real[2]; /* mean probability of being real that D gives to real images, to fakes */
  float   rate[2];   /* learning rate: generator, discriminator */
} RaqamPoint;
