/* test-coach.c — each sign of trouble appears when it should, and only then.
 * SPDX-License-Identifier: MIT */

#include <math.h>
#include <string.h>

#include "coach-rig.h"

/* Of a window: losses of the generator and the discriminator, probability of real and of fake. */
typedef struct
{
  float loss[2], p[2];
} Level;

/* What the recipe "fast" did on Hoda's 60000 in three epochs: means of 50 steps each. */
static const Level healthy[] = {
  { { 0.969f, 0.520f }, { 0.656f, 0.435f } }, { { 1.132f, 0.635f }, { 0.535f, 0.436f } },
  { { 1.172f, 0.615f }, { 0.542f, 0.433f } }, { { 1.020f, 0.614f }, { 0.543f, 0.438f } },
  { { 1.419f, 0.525f }, { 0.609f, 0.379f } }, { { 1.952f, 0.443f }, { 0.673f, 0.320f } },
  { { 1.556f, 0.445f }, { 0.664f, 0.329f } }, { { 1.723f, 0.418f }, { 0.676f, 0.301f } },
  { { 1.629f, 0.443f }, { 0.672f, 0.332f } }, { { 1.983f, 0.382f }, { 0.706f, 0.271f } },
  { { 1.397f, 0.439f }, { 0.664f, 0.335f } }, { { 1.376f, 0.452f }, { 0.655f, 0.337f } },
  { { 1.304f, 0.457f }, { 0.654f, 0.343f } }, { { 1.339f, 0.428f }, { 0.668f, 0.326f } },
  { { 1.641f, 0.424f }, { 0.676f, 0.313f } }, { { 2.516f, 0.316f }, { 0.770f, 0.242f } },
  { { 1.926f, 0.392f }, { 0.708f, 0.287f } }, { { 1.386f, 0.452f }, { 0.665f, 0.340f } },
  { { 1.270f, 0.482f }, { 0.642f, 0.355f } }, { { 1.210f, 0.515f }, { 0.623f, 0.373f } },
  { { 1.498f, 0.469f }, { 0.657f, 0.342f } }, { { 1.837f, 0.396f }, { 0.699f, 0.293f } },
  { { 1.647f, 0.425f }, { 0.684f, 0.322f } }, { { 1.272f, 0.501f }, { 0.626f, 0.367f } },
  { { 1.086f, 0.542f }, { 0.605f, 0.400f } }, { { 1.154f, 0.518f }, { 0.617f, 0.380f } },
  { { 1.193f, 0.506f }, { 0.625f, 0.371f } }, { { 1.561f, 0.473f }, { 0.650f, 0.342f } },
  { { 1.693f, 0.443f }, { 0.685f, 0.336f } }, { { 1.785f, 0.403f }, { 0.692f, 0.297f } },
  { { 1.232f, 0.498f }, { 0.636f, 0.367f } }, { { 1.076f, 0.560f }, { 0.593f, 0.410f } },
  { { 1.580f, 0.448f }, { 0.658f, 0.320f } }, { { 2.157f, 0.359f }, { 0.739f, 0.269f } },
  { { 1.316f, 0.458f }, { 0.655f, 0.347f } }, { { 1.171f, 0.520f }, { 0.622f, 0.380f } },
  { { 1.008f, 0.577f }, { 0.588f, 0.417f } }, { { 0.992f, 0.587f }, { 0.574f, 0.419f } },
  { { 1.045f, 0.574f }, { 0.594f, 0.411f } }, { { 1.084f, 0.551f }, { 0.600f, 0.400f } },
  { { 1.433f, 0.443f }, { 0.663f, 0.326f } }, { { 1.391f, 0.460f }, { 0.656f, 0.338f } },
  { { 1.216f, 0.495f }, { 0.639f, 0.367f } }, { { 0.950f, 0.584f }, { 0.581f, 0.426f } },
  { { 1.041f, 0.557f }, { 0.593f, 0.401f } }, { { 1.030f, 0.570f }, { 0.597f, 0.412f } },
  { { 0.900f, 0.612f }, { 0.560f, 0.438f } }, { { 0.912f, 0.605f }, { 0.566f, 0.436f } },
  { { 0.896f, 0.613f }, { 0.562f, 0.440f } }, { { 0.890f, 0.610f }, { 0.565f, 0.440f } },
  { { 0.871f, 0.622f }, { 0.554f, 0.446f } }, { { 0.882f, 0.614f }, { 0.557f, 0.441f } },
  { { 0.850f, 0.628f }, { 0.555f, 0.453f } }, { { 0.851f, 0.624f }, { 0.552f, 0.448f } },
  { { 0.862f, 0.618f }, { 0.554f, 0.445f } }, { { 0.844f, 0.622f }, { 0.554f, 0.450f } },
};

static const Level calm = { { 0.9f, 0.6f }, { 0.56f, 0.44f } };
static const Level wins = { { 4.0f, 0.05f }, { 0.97f, 0.03f } };
static const Level lost = { { 0.69f, 0.693f }, { 0.505f, 0.495f } };

/* @n windows at @level, the steps of each around its mean. */
static void
add (GArray *points, Level level, int n)
{
  for (int i = 0; i < n * RAQAM_COACH_WINDOW; i++)
    {
      float wave = 1 + 0.1f * (i % 2 == 0 ? 1.0f : -1.0f);
      RaqamPoint point = { .step = points->len + 1, .rate = { 1e-3f, 1e-3f } };

      point.epoch = point.step / COACH_RIG_EPOCH;
      for (int side = 0; side < 2; side++)
        {
          point.loss[side] = level.loss[side] * wave;
          point.p_real[side] = level.p[side] + 0.02f * (wave - 1);
        }
      g_array_append_val (points, point);
    }
}

static GArray *
make_points (Level level, int n)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (RaqamPoint));

  add (points, level, n);
  return points;
}

/* Epoch of the first step of a window. */
static double
epoch_of (int window)
{
  return (window * RAQAM_COACH_WINDOW + 1) / COACH_RIG_EPOCH;
}

static RaqamCoach *
watch (const GArray *points)
{
  RaqamCoach *coach = raqam_coach_new (NULL);

  raqam_coach_push (coach, (const RaqamPoint *) (void *) points->data, points->len);
  return coach;
}

static void
assert_signs (const GArray *points, const char *want)
{
  g_autoptr (RaqamCoach) coach = watch (points);

  coach_rig_assert (coach, want);
}

static void
test_healthy (void)
{
  g_autoptr (GArray) points = make_points (calm, 0);

  for (guint i = 0; i < G_N_ELEMENTS (healthy); i++)
    add (points, healthy[i], 1);
  assert_signs (points, "");
  for (int again = 0; again < 3; again++)
    for (guint i = 0; i < G_N_ELEMENTS (healthy); i++)
      add (points, healthy[i], 1);
  add (points, calm, 100);
  assert_signs (points, "");
}

static void
test_nothing (void)
{
  g_autoptr (RaqamCoach) coach = raqam_coach_new (NULL);
  g_autoptr (GArray) timeline = g_array_new (FALSE, FALSE, sizeof (RaqamQuality));

  g_assert_false (raqam_coach_push (coach, NULL, 0));
  raqam_coach_judge (coach, timeline);
  coach_rig_assert (coach, "");
}

/* It takes 300 steps, and the first of the next to know that they are over. */
static void
test_discriminator_wins (void)
{
  g_autoptr (GArray) points = make_points (calm, 10);
  g_autoptr (RaqamCoach) coach = NULL;

  g_assert_cmpfloat (epoch_of (10), ==, 5.01);
  add (points, wins, 6);
  assert_signs (points, "");
  add (points, wins, 1);
  assert_signs (points, "discriminator-wins 5.01- 1;");
  coach = watch (points);
  coach_rig_assert_says (coach, "97.0 %");
  coach_rig_assert_says (coach, "3.0 %");
  coach_rig_assert_says (coach, "(4.000)");
  coach_rig_assert_says (coach, "epoch 8.00");
}

/* A generator that catches up is no trouble, however far behind it is. */
static void
test_catching_up (void)
{
  g_autoptr (GArray) points = make_points (calm, 1);
  Level level = wins;

  for (int i = 0; i < 30; i++)
    {
      level.loss[0] = 12 * powf (0.94f, (float) i);
      add (points, level, 1);
    }
  g_assert_cmpfloat (level.loss[0], >, 1.5);
  assert_signs (points, "");
}

/* Between the two thresholds it neither goes nor begins anew. */
static void
test_does_not_flicker (void)
{
  const Level between = { { 2.5f, 0.2f }, { 0.86f, 0.14f } };
  g_autoptr (GArray) points = make_points (wins, 8);

  for (int i = 0; i < 20; i++)
    {
      add (points, between, 1);
      add (points, wins, 1);
    }
  assert_signs (points, "discriminator-wins 0.01- 1;");
  add (points, calm, 1);
  add (points, between, 1);
  assert_signs (points, "discriminator-wins 0.01- 1;");
  add (points, calm, 3);
  assert_signs (points, "discriminator-wins 0.01-25.01 1;");
  add (points, wins, 7);
  assert_signs (points, "discriminator-wins 26.51- 2;");
}

static void
test_discriminator_lost (void)
{
  const Level fooled = { { 0.4f, 1.1f }, { 0.35f, 0.65f } };
  g_autoptr (GArray) points = make_points (calm, 2), other = make_points (fooled, 11);
  g_autoptr (GArray) improving = coach_rig_timeline (3), worse = coach_rig_timeline (3);
  g_autoptr (RaqamCoach) coach = NULL;

  g_array_index (worse, RaqamQuality, 2).frechet.all = 20;
  add (points, lost, 10);
  assert_signs (points, "");
  add (points, lost, 1);
  coach = watch (points);
  coach_rig_assert (coach, "discriminator-lost 1.01- 1;");
  coach_rig_assert_says (coach, "49.5 %");
  coach_rig_assert_says (coach, "(0.693)");
  assert_signs (other, "discriminator-lost 0.01- 1;");

  /* Pictures that are the best yet say that it is no trouble. */
  raqam_coach_judge (coach, improving);
  coach_rig_assert (coach, "");
  raqam_coach_judge (coach, worse);
  coach_rig_assert (coach, "discriminator-lost 1.01- 1;");
}

static void
test_explosion (void)
{
  const Level high = { { 15, 0.7f }, { 0.56f, 0.44f } }, exploded = { { 300, 0.7f }, { 0.56f, 0.44f } };
  const Level other = { { 0.7f, 25 }, { 0.56f, 0.44f } };
  g_autoptr (GArray) points = make_points (calm, 4), second = make_points (other, 2);

  add (points, high, 2);
  assert_signs (points, "");
  add (points, exploded, 2);
  assert_signs (points, "explosion 3.01- 1;");
  add (points, high, 5);
  assert_signs (points, "explosion 3.01- 1;");
  add (points, calm, 3);
  assert_signs (points, "explosion 3.01-6.51 1;");
  assert_signs (second, "explosion 0.01- 1;");
}

/* At once, and not only when the window is over; the means leave it out. */
static void
test_not_finite (void)
{
  static const float values[] = { NAN, INFINITY, -INFINITY };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GArray) points = make_points (calm, 3);
      g_autoptr (RaqamCoach) coach = NULL;

      g_array_index (points, RaqamPoint, 119).loss[i % 2] = values[i];
      coach = raqam_coach_new (NULL);
      g_assert_true (raqam_coach_push (coach, (RaqamPoint *) (void *) points->data, 120));
      coach_rig_assert (coach, "breakdown 1.20- 1;");
      coach_rig_assert_says (coach, "epoch 1.20");
      add (points, calm, 3);
      assert_signs (points, "breakdown 1.20-1.51 1;");
    }
}

static void
test_all_nan (void)
{
  const Level none = { { NAN, NAN }, { NAN, NAN } };
  g_autoptr (GArray) points = make_points (calm, 1);

  add (points, none, 60);
  assert_signs (points, "breakdown 0.51- 1;");
}

/* The engine tells of the step that broke down, and does not show it. */
static void
test_break_down (void)
{
  g_autoptr (GArray) points = make_points (calm, 2);
  g_autoptr (RaqamCoach) coach = watch (points);

  raqam_coach_break_down (coach);
  coach_rig_assert (coach, "breakdown 1.00- 1;");
  raqam_coach_clear (coach);
  coach_rig_assert (coach, "");
}

static void
test_oscillation (void)
{
  const Level up = { { 4, 0.3f }, { 0.75f, 0.25f } }, down = { { 0.7f, 0.7f }, { 0.55f, 0.45f } };
  g_autoptr (GArray) points = make_points (down, 2);
  g_autoptr (GArray) slow = make_points (down, 2);
  g_autoptr (RaqamCoach) coach = NULL;

  /* It turns for the first time when it comes down again, in the fifth window. */
  for (int i = 0; i < 3; i++)
    {
      add (points, up, 2);
      add (points, down, 2);
    }
  add (points, up, 1);
  assert_signs (points, "");
  add (points, up, 1);
  coach = watch (points);
  coach_rig_assert (coach, "oscillation 2.01- 1;");
  coach_rig_assert_says (coach, "0.70");
  coach_rig_assert_says (coach, "4.00");
  /* Fewer than three turns in 2000 steps end it; the last four were in windows 8, 10, 12 and 14. */
  add (points, up, 34);
  assert_signs (points, "oscillation 2.01- 1;");
  add (points, up, 4);
  assert_signs (points, "oscillation 2.01-25.01 1;");

  for (int i = 0; i < 6; i++)
    {
      add (slow, up, 12);
      add (slow, down, 12);
    }
  assert_signs (slow, "");
}

static void
test_no_rate (void)
{
  g_autoptr (GArray) points = make_points (calm, 8);

  for (guint i = 150; i < 400; i++)
    g_array_index (points, RaqamPoint, i).rate[1] = i < 300 ? 0 : 1e-3f;
  g_array_set_size (points, 199);
  assert_signs (points, "");
  g_array_set_size (points, 201);
  {
    g_autoptr (RaqamCoach) coach = watch (points);

    coach_rig_assert (coach, "no-rate 1.51- 1;");
    coach_rig_assert_says (coach, "discriminator");
  }
  g_array_set_size (points, 400);
  assert_signs (points, "no-rate 1.51-3.01 1;");
}

/* All kinds of trouble, one after the other. */
static GArray *
make_troubled (void)
{
  const Level high = { { 40, 0.3f }, { 0.75f, 0.25f } };
  GArray *points = make_points (calm, 3);

  add (points, wins, 8);
  add (points, calm, 3);
  for (int i = 0; i < 5; i++)
    {
      add (points, high, 2);
      add (points, calm, 2);
    }
  add (points, lost, 12);
  g_array_index (points, RaqamPoint, 777).p_real[1] = NAN;
  return points;
}

static void
test_batches (void)
{
  static const guint sizes[] = { 1, 7, 49, 50, 51, 1000 };
  g_autoptr (GArray) points = make_troubled ();
  g_autoptr (RaqamCoach) whole = watch (points);
  g_autofree char *want = coach_rig_describe (whole);

  g_assert_nonnull (strstr (want, "breakdown"));
  g_assert_nonnull (strstr (want, "discriminator-wins"));
  g_assert_nonnull (strstr (want, "discriminator-lost"));
  g_assert_nonnull (strstr (want, "oscillation"));
  g_assert_nonnull (strstr (want, "explosion"));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (RaqamCoach) coach = raqam_coach_new (NULL);

      for (guint from = 0; from < points->len; from += sizes[i])
        raqam_coach_push (coach, &g_array_index (points, RaqamPoint, from),
                          MIN (sizes[i], points->len - from));
      coach_rig_assert (coach, want);
    }
}

/* A run that goes on from a checkpoint brings steps again. */
static void
test_steps_again (void)
{
  g_autoptr (GArray) points = make_troubled ();
  g_autoptr (RaqamCoach) coach = watch (points);
  g_autofree char *want = coach_rig_describe (coach);

  g_assert_false (raqam_coach_push (coach, (RaqamPoint *) (void *) points->data, points->len));
  coach_rig_assert (coach, want);
}

/* What holds comes first, and of that the most severe. */
static void
test_order (void)
{
  g_autoptr (GArray) points = make_points (wins, 8), timeline = coach_rig_timeline (9);
  g_autoptr (RaqamCoach) coach = NULL;

  add (points, calm, 3);
  add (points, lost, 11);
  coach = watch (points);
  for (guint i = 2; i < 9; i++)
    g_array_index (timeline, RaqamQuality, i).frechet.all = 30;
  g_array_index (timeline, RaqamQuality, 8).recall = 0.2;
  raqam_coach_judge (coach, timeline);
  coach_rig_assert (coach, "collapse 9.00- 1;discriminator-lost 5.51- 1;stagnation 7.00- 1;"
                       "discriminator-wins 0.01-4.01 1;");
}

static char *
bracket (double value, int decimals)
{
  return g_strdup_printf ("[%.*f]", decimals, value);
}

static void
test_format (void)
{
  g_autoptr (GArray) points = make_points (wins, 8);
  g_autoptr (RaqamCoach) coach = raqam_coach_new (bracket);

  raqam_coach_push (coach, (RaqamPoint *) (void *) points->data, points->len);
  coach_rig_assert_says (coach, "[97.0] %");
  coach_rig_assert_says (coach, "epoch [3.50]");
}

static void
test_texts (void)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);

  for (RaqamSignKind kind = 0; kind < RAQAM_N_SIGNS; kind++)
    {
      const char *title = raqam_sign_title (kind), *advice = raqam_sign_advice (kind);

      g_assert_true (g_hash_table_add (keys, (char *) raqam_sign_key (kind)));
      g_assert_true (*title != '\0' && !g_str_has_suffix (title, "."));
      g_assert_true (g_str_has_suffix (advice, "."));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/coach/healthy", test_healthy);
  g_test_add_func ("/coach/nothing", test_nothing);
  g_test_add_func ("/coach/discriminator-wins", test_discriminator_wins);
  g_test_add_func ("/coach/catching-up", test_catching_up);
  g_test_add_func ("/coach/does-not-flicker", test_does_not_flicker);
  g_test_add_func ("/coach/discriminator-lost", test_discriminator_lost);
  g_test_add_func ("/coach/explosion", test_explosion);
  g_test_add_func ("/coach/not-finite", test_not_finite);
  g_test_add_func ("/coach/all-nan", test_all_nan);
  g_test_add_func ("/coach/break-down", test_break_down);
  g_test_add_func ("/coach/oscillation", test_oscillation);
  g_test_add_func ("/coach/no-rate", test_no_rate);
  g_test_add_func ("/coach/batches", test_batches);
  g_test_add_func ("/coach/steps-again", test_steps_again);
  g_test_add_func ("/coach/order", test_order);
  g_test_add_func ("/coach/format", test_format);
  g_test_add_func ("/coach/texts", test_texts);

  return g_test_run ();
}
