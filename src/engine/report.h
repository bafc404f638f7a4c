/* report.h — what a run tells while it goes on.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a run stands. */
typedef struct
{
  guint64 step;              /* steps done */
  guint64 n_steps;           /* steps in all */
  double  epoch;             /* epochs done, with fraction */
  int     n_epochs;
  double  images_per_second; /* over the last seconds; 0 while unknown */
  double  seconds_left;      /* below 0 while unknown */
  double  seconds_per_epoch; /* below 0 while unknown */
  float   loss[2];           /* generator, discriminator; the last step's */
  gsize   n_images;          /* in the data set */
  const char *device;        /* one line for people */
  const char *backend;       /* its backend: "cpu", "cuda"; a static string */
  guint64     memory_used;   /* bytes of the device's own memory that are taken, by whatever program */
  guint64     memory;        /* bytes of it that there are; 0 where it has none of its own */
} RaqamProgress;

/* The sample grid: row r, digit d at pixels + (r · n_digits + d) · 784. */
typedef struct
{
  int     n_rows;
  int     n_digits;
  guint64 step;
  double  epoch;
  GBytes *pixels; /* uint8, 255 is ink, as raqam_generator_clear_paper() leaves it */
} RaqamSamples;

G_END_DECLS
