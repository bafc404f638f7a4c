/* test-shape.c — measures of figures that are drawn by their equations.
 * SPDX-License-Identifier: MIT */

#include "engine/shape.h"

#include <math.h>
#include <string.h>

#define SIDE 28
#define FINE 16 /* samples along each side of a pixel */

/* Whether (x, y), in pixels from the middle, downwards, is ink. */
typedef gboolean (*Figure) (double x, double y, const double *numbers);

/* a width, a height, a tangent by which the upper rows are pushed to the right */
static gboolean
bar (double x, double y, const double *numbers)
{
  return fabs (x + numbers[2] * y) <= numbers[0] / 2 && fabs (y) <= numbers[1] / 2;
}

/* a width, a height, an angle in degrees by which it is turned clockwise */
static gboolean
turned_bar (double x, double y, const double *numbers)
{
  double angle = numbers[2] * G_PI / 180;
  const double straight[] = { numbers[0], numbers[1], 0 };

  return bar (x * cos (angle) + y * sin (angle), y * cos (angle) - x * sin (angle), straight);
}

/* an outer and an inner radius */
static gboolean
ring (double x, double y, const double *numbers)
{
  double radius = hypot (x, y);

  return radius <= numbers[0] && radius >= numbers[1];
}

static void
measure (double measures[RAQAM_N_SHAPES], Figure figure, const double *numbers, double dx,
         double dy)
{
  guint8 pixels[SIDE * SIDE];

  for (int i = 0; i < SIDE * SIDE; i++)
    {
      int inside = 0;

      for (int s = 0; s < FINE * FINE; s++)
        inside += figure (i % SIDE + (s % FINE + 0.5) / FINE - SIDE / 2 - dx,
                          i / SIDE + (s / FINE + 0.5) / FINE - SIDE / 2 - dy, numbers);
      pixels[i] = (guint8) lrint (255.0 * inside / (FINE * FINE));
    }
  raqam_shape_measure (measures, pixels);
}

static void
assert_near (double value, double expected, double within)
{
  if (!(fabs (value - expected) <= within))
    g_error ("%g is not within %g of %g", value, within, expected);
}

/* How far corners, which half a pixel rounds off, may make a figure rounder. */
#define CORNERS 0.055

/* Whole pixels: what is measured is what was drawn. */
static void
test_rectangle (void)
{
  const double numbers[] = { 8, 12, 0 };
  double measures[RAQAM_N_SHAPES];

  measure (measures, bar, numbers, 0, 0);
  assert_near (measures[RAQAM_SHAPE_WIDTH], 8, 1e-6);
  assert_near (measures[RAQAM_SHAPE_HEIGHT], 12, 1e-6);
  assert_near (measures[RAQAM_SHAPE_INK], 96, 1e-9);
  assert_near (measures[RAQAM_SHAPE_SLANT], 0, 1e-9);
  assert_near (measures[RAQAM_SHAPE_ROUNDNESS], G_PI * 96 / (20 * 20), CORNERS);
}

/* Where it lies is nothing to its measures. */
static void
test_moved (void)
{
  const double numbers[] = { 5.5, 14.25, 0.2 };
  double here[RAQAM_N_SHAPES], there[RAQAM_N_SHAPES];
  const double within[RAQAM_N_SHAPES] = { 0.1, 0.15, 0.15, 0.15, 0.01, 0.01 };

  measure (here, bar, numbers, 0, 0);
  measure (there, bar, numbers, 3.5, -4.25);
  for (int m = 0; m < RAQAM_N_SHAPES; m++)
    assert_near (there[m], here[m], within[m]);
  measure (there, bar, numbers, -3, 5);
  for (int m = 0; m < RAQAM_N_SHAPES; m++)
    assert_near (there[m], here[m], 1e-4);
}

static void
test_slant (void)
{
  for (double degrees = -40; degrees <= 40; degrees += 10)
    {
      const double numbers[] = { 4, 16, tan (degrees * G_PI / 180) };
      double measures[RAQAM_N_SHAPES];

      measure (measures, bar, numbers, 0.3, 0.1);
      assert_near (measures[RAQAM_SHAPE_SLANT], degrees, 0.25);
      assert_near (measures[RAQAM_SHAPE_HEIGHT], 16, 0.3);
      /* The sharp tips are less than half ink. */
      assert_near (measures[RAQAM_SHAPE_WIDTH], 4 + 16 * fabs (numbers[2]), 1.5);
    }
}

/* Second moments of a bar are w² / 12 across and h² / 12 along it. */
static double
slant_of_turned (double width, double height, double degrees)
{
  double across = width * width, along = height * height, angle = degrees * G_PI / 180;
  double x = sin (angle), y = cos (angle);

  return atan2 ((along - across) * x * y, along * y * y + across * x * x) * 180 / G_PI;
}

/* The mean distance of a bar's points from its edge is that of a roof's height:
 * w / 4 − w² / 12 h. Turned, it stays the same. */
static void
test_stroke (void)
{
  for (double width = 2; width <= 6; width += 0.5)
    for (double degrees = -60; degrees <= 90; degrees += 30)
      {
        const double numbers[] = { width, 24, degrees };
        double measures[RAQAM_N_SHAPES];

        measure (measures, turned_bar, numbers, 0, 0);
        assert_near (measures[RAQAM_SHAPE_STROKE], width - width * width / (3 * 24),
                     0.05 + 0.05 * width);
        assert_near (measures[RAQAM_SHAPE_SLANT], slant_of_turned (width, 24, degrees), 0.5);
      }
}

static void
test_ring (void)
{
  const double numbers[] = { 11, 8 };
  double measures[RAQAM_N_SHAPES];

  measure (measures, ring, numbers, 0, 0);
  assert_near (measures[RAQAM_SHAPE_STROKE], 3, 0.15);
  assert_near (measures[RAQAM_SHAPE_ROUNDNESS], 1, 0.005);
  assert_near (measures[RAQAM_SHAPE_INK], G_PI * (121 - 64), 0.5);
}

/* The mean distance of a disk's points from its edge is a third of the radius. */
static void
test_disk (void)
{
  for (double radius = 3; radius <= 12; radius += 1.5)
    {
      const double numbers[] = { radius, 0 };
      double measures[RAQAM_N_SHAPES];

      measure (measures, ring, numbers, 0.25, -0.5);
      assert_near (measures[RAQAM_SHAPE_ROUNDNESS], 1, 0.015);
      assert_near (measures[RAQAM_SHAPE_WIDTH], 2 * radius, 0.25);
      assert_near (measures[RAQAM_SHAPE_HEIGHT], 2 * radius, 0.25);
      assert_near (measures[RAQAM_SHAPE_STROKE], 4 * radius / 3, 0.25);
      assert_near (measures[RAQAM_SHAPE_SLANT], 0, 0.1);
      assert_near (measures[RAQAM_SHAPE_INK], G_PI * radius * radius, 0.3);
    }
}

/* 4π · area over perimeter squared of rectangles: the longer, the less round. */
static void
test_roundness (void)
{
  for (double width = 2; width <= 20; width += 3)
    {
      const double numbers[] = { width, 20, 0 };
      double measures[RAQAM_N_SHAPES];

      measure (measures, bar, numbers, 0, 0);
      assert_near (measures[RAQAM_SHAPE_ROUNDNESS],
                   4 * G_PI * width * 20 / pow (2 * (width + 20), 2), CORNERS);
    }
}

/* The hull sees the whole figure, up to the picture's edge. */
static void
test_edge (void)
{
  guint8 pixels[SIDE * SIDE];
  double measures[RAQAM_N_SHAPES];

  memset (pixels, 255, sizeof pixels);
  raqam_shape_measure (measures, pixels);
  assert_near (measures[RAQAM_SHAPE_WIDTH], 28, 1e-6);
  assert_near (measures[RAQAM_SHAPE_HEIGHT], 28, 1e-6);
  assert_near (measures[RAQAM_SHAPE_INK], 784, 1e-9);
  assert_near (measures[RAQAM_SHAPE_ROUNDNESS], G_PI / 4, CORNERS);
  assert_near (measures[RAQAM_SHAPE_STROKE], 4 * 28 / 6.0, 0.1);
}

static void
test_empty (gconstpointer data)
{
  guint8 pixels[SIDE * SIDE];
  double measures[RAQAM_N_SHAPES];
  int level = GPOINTER_TO_INT (data);

  memset (pixels, level, sizeof pixels);
  raqam_shape_measure (measures, pixels);
  for (int m = 0; m < RAQAM_N_SHAPES; m++)
    if (m != RAQAM_SHAPE_INK)
      g_assert_true (isnan (measures[m]));
  assert_near (measures[RAQAM_SHAPE_INK], 784 * level / 255.0, 1e-9);
}

/* One pixel has all measures. */
static void
test_speck (void)
{
  guint8 pixels[SIDE * SIDE] = { 0 };
  double measures[RAQAM_N_SHAPES];

  pixels[14 * SIDE + 3] = 255;
  raqam_shape_measure (measures, pixels);
  for (int m = 0; m < RAQAM_N_SHAPES; m++)
    g_assert_false (isnan (measures[m]));
  assert_near (measures[RAQAM_SHAPE_WIDTH], 1, 0.35);
  assert_near (measures[RAQAM_SHAPE_SLANT], 0, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shape/rectangle", test_rectangle);
  g_test_add_func ("/shape/moved", test_moved);
  g_test_add_func ("/shape/slant", test_slant);
  g_test_add_func ("/shape/stroke", test_stroke);
  g_test_add_func ("/shape/ring", test_ring);
  g_test_add_func ("/shape/disk", test_disk);
  g_test_add_func ("/shape/roundness", test_roundness);
  g_test_add_func ("/shape/edge", test_edge);
  g_test_add_data_func ("/shape/empty", GINT_TO_POINTER (0), test_empty);
  g_test_add_data_func ("/shape/faint", GINT_TO_POINTER (120), test_empty);
  g_test_add_func ("/shape/speck", test_speck);

  return g_test_run ();
}
