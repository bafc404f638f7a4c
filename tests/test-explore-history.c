/* test-explore-history.c — going back and forth among the pictures that were gone to.
 * SPDX-License-Identifier: MIT */

#include "app/explore-history.h"

#define SECOND G_USEC_PER_SEC
#define LONG 100000

static RaqamStyle
make (float first)
{
  RaqamStyle style;

  raqam_style_init (&style, 0, 32);
  style.z[0] = first;
  return style;
}

static void
push (RaqamExploreHistory *history, float before, float after, const char *gesture, gint64 now)
{
  RaqamStyle a = make (before), b = make (after);

  raqam_explore_history_push (history, &a, &b, g_intern_string (gesture), now);
}

/* The first number of the style that is gone to; -1 where there is none. */
static float
undo (RaqamExploreHistory *history)
{
  const RaqamStyle *style = raqam_explore_history_undo (history);

  return style != NULL ? style->z[0] : -1;
}

static float
redo (RaqamExploreHistory *history)
{
  const RaqamStyle *style = raqam_explore_history_redo (history);

  return style != NULL ? style->z[0] : -1;
}

static void
test_empty (void)
{
  g_autoptr (RaqamExploreHistory) history = raqam_explore_history_new ();

  g_assert_false (raqam_explore_history_can_undo (history));
  g_assert_false (raqam_explore_history_can_redo (history));
  g_assert_null (raqam_explore_history_undo (history));
  g_assert_null (raqam_explore_history_redo (history));
}

/* Back to where each step came from, and forth to where it led, as often as one likes. */
static void
test_order (void)
{
  g_autoptr (RaqamExploreHistory) history = raqam_explore_history_new ();

  for (int i = 0; i < 3; i++)
    push (history, i, i + 1, NULL, 0);
  for (int round = 0; round < 3; round++)
    {
      for (int i = 2; i >= 0; i--)
        {
          g_assert_true (raqam_explore_history_can_undo (history));
          g_assert_cmpfloat (undo (history), ==, i);
        }
      g_assert_false (raqam_explore_history_can_undo (history));
      for (int i = 1; i <= 3; i++)
        {
          g_assert_true (raqam_explore_history_can_redo (history));
          g_assert_cmpfloat (redo (history), ==, i);
        }
      g_assert_false (raqam_explore_history_can_redo (history));
    }
}

/* What was undone is forgotten once something else is done. */
static void
test_forgets_redo (void)
{
  g_autoptr (RaqamExploreHistory) history = raqam_explore_history_new ();

  push (history, 0, 1, NULL, 0);
  push (history, 1, 2, NULL, 0);
  g_assert_cmpfloat (undo (history), ==, 1);
  push (history, 1, 7, NULL, 0);
  g_assert_false (raqam_explore_history_can_redo (history));
  g_assert_cmpfloat (undo (history), ==, 1);
  g_assert_cmpfloat (undo (history), ==, 0);
  g_assert_cmpfloat (redo (history), ==, 1);
  g_assert_cmpfloat (redo (history), ==, 7);
}

/* A drag is one step for as long as it does not rest for more than a second. */
static void
test_merges (void)
{
  g_autoptr (RaqamExploreHistory) history = raqam_explore_history_new ();
  gint64 now = 50 * SECOND;

  for (int i = 0; i < 10; i++)
    push (history, i, i + 1, "latent", now += SECOND);
  g_assert_cmpfloat (undo (history), ==, 0);
  g_assert_false (raqam_explore_history_can_undo (history));
  g_assert_cmpfloat (redo (history), ==, 10);
  g_assert_false (raqam_explore_history_can_redo (history));
}

static void
test_keeps_apart (void)
{
  g_autoptr (RaqamExploreHistory) history = raqam_explore_history_new ();
  gint64 now = 50 * SECOND;

  push (history, 0, 1, "latent", now);
  push (history, 1, 2, "latent", now + SECOND + 1); /* too late */
  push (history, 2, 3, "truncation", now + SECOND + 2); /* another gesture */
  push (history, 3, 4, NULL, now + SECOND + 3);
  push (history, 4, 5, NULL, now + SECOND + 4); /* clicks never merge */
  push (history, 5, 6, "truncation", now + SECOND + 5); /* something came between */
  for (int i = 5; i >= 0; i--)
    g_assert_cmpfloat (undo (history), ==, i);
  g_assert_false (raqam_explore_history_can_undo (history));
}

/* Undo ends a gesture: what follows is a step of its own, however soon. */
static void
test_undo_ends_gesture (void)
{
  g_autoptr (RaqamExploreHistory) history = raqam_explore_history_new ();

  push (history, 0, 1, NULL, 0);
  push (history, 1, 2, "latent", 1);
  push (history, 2, 3, "latent", 2);
  g_assert_cmpfloat (undo (history), ==, 1);
  g_assert_cmpfloat (redo (history), ==, 3);
  push (history, 3, 4, "latent", 3);
  g_assert_cmpfloat (undo (history), ==, 3);
  g_assert_cmpfloat (undo (history), ==, 1);
  push (history, 1, 9, "latent", 4);
  g_assert_cmpfloat (undo (history), ==, 1);
  g_assert_cmpfloat (undo (history), ==, 0);
}

static void
test_clear (void)
{
  g_autoptr (RaqamExploreHistory) history = raqam_explore_history_new ();

  push (history, 0, 1, "latent", 0);
  push (history, 1, 2, NULL, 0);
  undo (history);
  raqam_explore_history_clear (history);
  g_assert_false (raqam_explore_history_can_undo (history));
  g_assert_false (raqam_explore_history_can_redo (history));
  push (history, 5, 6, "latent", 1);
  g_assert_cmpfloat (undo (history), ==, 5);
  g_assert_false (raqam_explore_history_can_undo (history));
}

/* The whole style comes back, not only what is looked at above. */
static void
test_whole (void)
{
  g_autoptr (RaqamExploreHistory) history = raqam_explore_history_new ();
  RaqamStyle before, after;

  raqam_style_init (&before, 4, 100);
  raqam_style_randomise (&before, 8, 0);
  before.other = 7;
  before.mix = 35;
  before.truncation = 0.5f;
  after = before;
  after.digit = 2;
  raqam_explore_history_push (history, &before, &after, NULL, 0);
  g_assert_true (raqam_style_equal (raqam_explore_history_undo (history), &before));
  g_assert_true (raqam_style_equal (raqam_explore_history_redo (history), &after));
}

/* There is no limit that a day of exploring would meet. */
static void
test_long (void)
{
  g_autoptr (RaqamExploreHistory) history = raqam_explore_history_new ();

  for (int i = 0; i < LONG; i++)
    push (history, i, i + 1, NULL, i);
  for (int i = LONG - 1; i >= 0; i--)
    g_assert_cmpfloat (undo (history), ==, i);
  g_assert_false (raqam_explore_history_can_undo (history));
  for (int i = 1; i <= LONG; i++)
    g_assert_cmpfloat (redo (history), ==, i);
  g_assert_false (raqam_explore_history_can_redo (history));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/explore-history/empty", test_empty);
  g_test_add_func ("/explore-history/order", test_order);
  g_test_add_func ("/explore-history/forgets-redo", test_forgets_redo);
  g_test_add_func ("/explore-history/merges", test_merges);
  g_test_add_func ("/explore-history/keeps-apart", test_keeps_apart);
  g_test_add_func ("/explore-history/undo-ends-gesture", test_undo_ends_gesture);
  g_test_add_func ("/explore-history/clear", test_clear);
  g_test_add_func ("/explore-history/whole", test_whole);
  g_test_add_func ("/explore-history/long", test_long);
  return g_test_run ();
}
