/* test-explorer.c — what the explorer draws, and what it draws first.
 * SPDX-License-Identifier: MIT
 *
 * The order is seen by stopping the explorer where it posts a drawing that is
 * merged with one not yet delivered: all that is asked for meanwhile waits for it.
 */

#include <string.h>

#include "engine/blend.h"
#include "engine/explorer.h"
#include "engine/generator.h"
#include "engine/model-private.h"

#define TIMEOUT (60 * G_USEC_PER_SEC)
#define GATE (RAQAM_ENGINE_SLOTS - 1) /* the slot whose drawings stop the explorer */
#define N_TRIES 200

typedef struct
{
  RaqamMailbox  *mailbox;
  RaqamExplorer *explorer;

  /* As delivered. */
  GArray     *order; /* of guint: slots */
  GBytes     *drawn[RAQAM_ENGINE_SLOTS];
  RaqamModel *model;
  guint       n_failed;
} Fixture;

/* Between the threads: once @shut, the explorer stops at it. */
static struct
{
  GMutex   mutex;
  GCond    cond;
  gboolean shut, stopped;
} gate;

/* Merges of drawings, by slot; the explorer's thread counts them. */
static gint n_merged[RAQAM_ENGINE_SLOTS];

static void
deliver_drawing (gpointer target, gpointer report)
{
  Fixture *fixture = target;
  RaqamDrawing *drawing = report;

  g_array_append_val (fixture->order, drawing->slot);
  g_clear_pointer (&fixture->drawn[drawing->slot], g_bytes_unref);
  fixture->drawn[drawing->slot] = g_bytes_ref (drawing->pixels);
}

static gpointer
merge_drawings (gpointer older, gpointer newer)
{
  guint slot = ((RaqamDrawing *) newer)->slot;

  g_atomic_int_inc (&n_merged[slot]);
  g_mutex_lock (&gate.mutex);
  while (slot == GATE && gate.shut)
    {
      gate.stopped = TRUE;
      g_cond_broadcast (&gate.cond);
      g_cond_wait (&gate.cond, &gate.mutex);
    }
  gate.stopped = FALSE;
  g_mutex_unlock (&gate.mutex);
  return raqam_mailbox_keep_newer (older, newer, raqam_drawing_free);
}

static void
deliver_model (gpointer target, gpointer report)
{
  Fixture *fixture = target;
  RaqamModelReport *model = report;

  g_clear_pointer (&fixture->model, raqam_model_unref);
  fixture->model = raqam_model_ref (model->model);
}

static void
deliver_failure (gpointer target, gpointer report)
{
  ((Fixture *) target)->n_failed++;
}

static void
free_error (gpointer report)
{
  g_error_free (report);
}

static const RaqamReportClass DRAWING = { deliver_drawing, raqam_drawing_free, merge_drawings };
static const RaqamReportClass MODEL = { deliver_model, raqam_model_report_free, NULL };
static const RaqamReportClass FAILURE = { deliver_failure, free_error, NULL };
static const RaqamExplorerReports REPORTS = {
  .drawing = &DRAWING, .model = &MODEL, .beside = &MODEL, .failure = &FAILURE,
};

static RaqamModel *
make_model (const char *name, guint64 seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find (name, &error);
  RaqamNetworkSpec spec;
  RaqamModel *model;

  g_assert_no_error (error);
  recipe->seed = seed;
  model = raqam_model_new (recipe);
  raqam_network_spec_init (&spec, recipe, RAQAM_GENERATOR);
  raqam_network_initialise (model->params, model->state, &spec, recipe);
  for (gsize i = 0; i < model->n_params; i++) /* so that labels make a difference of many greys */
    model->params[i] *= 3;
  return model;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->mailbox = raqam_mailbox_new (fixture);
  fixture->explorer = raqam_explorer_new (fixture->mailbox, &REPORTS);
  fixture->order = g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (fixture->n_failed, ==, 0);
  raqam_explorer_free (fixture->explorer);
  raqam_mailbox_close (fixture->mailbox);
  raqam_mailbox_unref (fixture->mailbox);
  g_array_unref (fixture->order);
  g_clear_pointer (&fixture->model, raqam_model_unref);
  for (int slot = 0; slot < RAQAM_ENGINE_SLOTS; slot++)
    g_clear_pointer (&fixture->drawn[slot], g_bytes_unref);
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

#define WAIT_FOR(condition)                                          \
  G_STMT_START {                                                     \
    gint64 until_ = g_get_monotonic_time () + TIMEOUT;               \
    guint wake_ = g_timeout_add (20, wake_cb, NULL);                 \
    while (!(condition) && g_get_monotonic_time () < until_)         \
      g_main_context_iteration (NULL, TRUE);                         \
    g_source_remove (wake_);                                         \
    g_assert_true (condition);                                       \
  } G_STMT_END

static void
use_model (Fixture *fixture, RaqamModel *model)
{
  raqam_explorer_take_model (fixture->explorer, model);
  WAIT_FOR (fixture->model == model);
}

/* Style number @number of a @latent: its digit is the number's last. */
static RaqamStyle
style_of (int latent, int number)
{
  RaqamStyle style;

  raqam_style_init (&style, number % 10, latent);
  raqam_style_randomise (&style, 1, number);
  return style;
}

/* Asks for @n styles, from number @first on. */
static void
ask (Fixture *fixture, guint slot, int first, int n)
{
  g_autofree RaqamStyle *styles = g_new (RaqamStyle, n);

  for (int i = 0; i < n; i++)
    styles[i] = style_of (fixture->model->recipe->latent, first + i);
  raqam_explorer_draw (fixture->explorer, RAQAM_STAGE_MAIN, slot, styles, n);
}

/* What @model's own generator draws under @label. */
static void
assert_drawn (GBytes *pixels, int i, const RaqamModel *model, const RaqamStyle *style, int label)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamGenerator) generator
    = raqam_generator_new (model, "cpu", &(RaqamDeviceOptions) { .n_threads = 1 }, 1, &error);
  guint8 want[RAQAM_IMAGE_SIZE];
  float z[RAQAM_MAX_LATENT];

  g_assert_no_error (error);
  for (int j = 0; j < style->latent; j++)
    z[j] = style->truncation * style->z[j];
  raqam_generator_draw (generator, want, z, (guint8[]) { (guint8) label }, 1, &error);
  g_assert_no_error (error);
  raqam_generator_clear_paper (want, RAQAM_IMAGE_SIZE, model->recipe);
  g_assert_cmpuint (g_bytes_get_size (pixels), >=, (gsize) (i + 1) * RAQAM_IMAGE_SIZE);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (pixels, NULL) + i * RAQAM_IMAGE_SIZE,
                   RAQAM_IMAGE_SIZE, want, RAQAM_IMAGE_SIZE);
}

/* From here to open_gate() the explorer stands still, behind one drawing of the gate. */
static void
shut_gate (Fixture *fixture)
{
  gint merged = g_atomic_int_get (&n_merged[GATE]);

  g_mutex_lock (&gate.mutex);
  gate.shut = TRUE;
  g_mutex_unlock (&gate.mutex);
  while (g_atomic_int_get (&n_merged[GATE]) == merged)
    {
      ask (fixture, GATE, 0, 1);
      g_usleep (1000);
    }
  g_mutex_lock (&gate.mutex);
  while (!gate.stopped)
    g_cond_wait (&gate.cond, &gate.mutex);
  g_mutex_unlock (&gate.mutex);
}

static void
open_gate (void)
{
  g_mutex_lock (&gate.mutex);
  gate.shut = FALSE;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.mutex);
}

static void
assert_order (Fixture *fixture, const guint *want, guint n)
{
  guint found = 0;

  for (guint i = 0; i < fixture->order->len; i++)
    {
      guint slot = g_array_index (fixture->order, guint, i);

      if (slot == GATE)
        continue;
      g_assert_cmpuint (found, <, n);
      g_assert_cmpuint (slot, ==, want[found]);
      found++;
    }
  g_assert_cmpuint (found, ==, n);
}

/* The first slots go first and the others take turns, in whatever order they came; who
 * replaces a wish has its turn. */
static void
test_turns (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamModel) model = make_model ("fast", 1);
  const guint want[] = { 0, 1, 9, 4, 6 };
  RaqamStyle style = style_of (model->recipe->latent, 77);

  use_model (fixture, model);
  shut_gate (fixture);
  ask (fixture, 9, 0, 12);
  ask (fixture, 4, 20, 3);
  ask (fixture, 1, 30, 1);
  ask (fixture, 0, 40, 1);
  ask (fixture, 6, 50, 1);
  ask (fixture, 9, 70, 11);
  open_gate ();
  WAIT_FOR (fixture->drawn[6] != NULL);

  assert_order (fixture, want, G_N_ELEMENTS (want));
  g_assert_cmpuint (g_bytes_get_size (fixture->drawn[9]), ==, 11 * RAQAM_IMAGE_SIZE);
  assert_drawn (fixture->drawn[9], 7, model, &style, 7);
}

/* Where pictures of a wish have been drawn, it is interrupted by slot 0, goes on then, and
 * is not replaced: the newer one is drawn after it. How far it has come is a matter of
 * chance, so it is tried until it has come between the first picture and the last. */
static gboolean
is_interrupted (Fixture *fixture)
{
  gint merged = g_atomic_int_get (&n_merged[9]);
  GBytes *first;

  g_array_set_size (fixture->order, 0);
  g_clear_pointer (&fixture->drawn[0], g_bytes_unref);
  g_clear_pointer (&fixture->drawn[9], g_bytes_unref);
  ask (fixture, 9, 0, 100);
  g_usleep (g_random_int_range (0, 20000));
  ask (fixture, 0, 3, 1);
  ask (fixture, 9, 0, 50);

  WAIT_FOR (fixture->drawn[0] != NULL);
  first = fixture->drawn[9];
  WAIT_FOR (fixture->drawn[9] != NULL
            && g_bytes_get_size (fixture->drawn[9]) == 50 * RAQAM_IMAGE_SIZE);
  return first == NULL && g_array_index (fixture->order, guint, 0) == 0
         && (fixture->order->len == 3 || g_atomic_int_get (&n_merged[9]) > merged);
}

static void
test_interrupted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamModel) model = make_model ("thesis-32", 1);
  RaqamStyle last = style_of (model->recipe->latent, 49), third = style_of (model->recipe->latent, 3);
  int tries = 0;

  use_model (fixture, model);
  while (!is_interrupted (fixture))
    g_assert_cmpint (++tries, <, N_TRIES);
  assert_drawn (fixture->drawn[0], 0, model, &third, 3);
  assert_drawn (fixture->drawn[9], 49, model, &last, 9);
}

static void
test_dropped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamModel) fast = make_model ("fast", 1), thesis = make_model ("thesis", 1);
  RaqamStyle style = style_of (fast->recipe->latent, 5);

  use_model (fixture, thesis);
  shut_gate (fixture);
  ask (fixture, 2, 0, 3); /* of thesis' latent length */
  raqam_explorer_take_model (fixture->explorer, fast);
  raqam_explorer_draw (fixture->explorer, RAQAM_STAGE_BESIDE, 3, &style, 1); /* there is no such model */
  raqam_explorer_draw (fixture->explorer, RAQAM_STAGE_MAIN, 4, &style, 1);
  open_gate ();
  WAIT_FOR (fixture->drawn[4] != NULL);
  g_assert_null (fixture->drawn[2]);
  g_assert_null (fixture->drawn[3]);
  assert_drawn (fixture->drawn[4], 0, fast, &style, 5);
}

/* All pictures of a wish are of one model. */
static gboolean
changes_under_it (Fixture *fixture, RaqamModel *other)
{
  gboolean in_time;

  g_clear_pointer (&fixture->drawn[9], g_bytes_unref);
  ask (fixture, 9, 0, 100);
  g_usleep (g_random_int_range (0, 20000));
  raqam_explorer_take_model (fixture->explorer, other);
  WAIT_FOR (fixture->model == other || fixture->drawn[9] != NULL);
  in_time = fixture->drawn[9] == NULL;
  WAIT_FOR (fixture->model == other && fixture->drawn[9] != NULL);
  return in_time;
}

static void
test_model_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamModel) model = make_model ("thesis-32", 1), other = make_model ("thesis-32", 2);
  int tries = 0;

  do
    {
      g_assert_cmpint (++tries, <, N_TRIES);
      use_model (fixture, model);
    }
  while (!changes_under_it (fixture, other));

  for (int i = 0; i < 100; i += 33)
    {
      RaqamStyle style = style_of (other->recipe->latent, i);

      assert_drawn (fixture->drawn[9], i, other, &style, i % 10);
    }
}

static RaqamStyle
mixture_of (int latent, int digit, int other, int mix)
{
  RaqamStyle style = style_of (latent, 4);

  style.digit = digit;
  style.other = other;
  style.mix = mix;
  style.truncation = 0.8f;
  return style;
}

/* Digits, mixtures of one pair both ways round, their ends, and those of other pairs. */
static const struct
{
  int digit, other, mix;
  int first, second, label; /* label of the blended model; a plain digit where first is second */
} MIXTURES[] = {
  { 3, 5, 30, 3, 5, 30 },   { 5, 3, 30, 3, 5, 70 }, { 3, 5, 0, 3, 3, 3 },    { 3, 5, 100, 5, 5, 5 },
  { 8, 8, 40, 8, 8, 8 },    { 3, 5, 50, 3, 5, 50 }, { 9, 1, 1, 1, 9, 99 },   { 1, 9, 99, 1, 9, 99 },
  { 0, 7, 60, 0, 7, 60 },   { 2, 4, 10, 2, 4, 10 }, { 3, 5, 99, 3, 5, 99 },  { 4, 4, 0, 4, 4, 4 },
};

static void
assert_mixtures (Fixture *fixture, RaqamModel *model)
{
  RaqamStyle styles[G_N_ELEMENTS (MIXTURES)];

  for (guint i = 0; i < G_N_ELEMENTS (MIXTURES); i++)
    styles[i] = mixture_of (model->recipe->latent, MIXTURES[i].digit, MIXTURES[i].other,
                            MIXTURES[i].mix);
  g_clear_pointer (&fixture->drawn[2], g_bytes_unref);
  raqam_explorer_draw (fixture->explorer, RAQAM_STAGE_MAIN, 2, styles, G_N_ELEMENTS (styles));
  WAIT_FOR (fixture->drawn[2] != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (MIXTURES); i++)
    {
      int first = MIXTURES[i].first, second = MIXTURES[i].second;
      g_autoptr (RaqamModel) source = first == second ? raqam_model_ref (model)
                                                      : raqam_model_blend (model, first, second, 101);

      assert_drawn (fixture->drawn[2], (int) i, source, &styles[i], MIXTURES[i].label);
    }
}

/* Also after the weights have changed, and after the layers have. */
static void
test_mixtures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamModel) model = make_model ("fast", 1), other = make_model ("fast", 2);
  g_autoptr (RaqamModel) thesis = make_model ("thesis-32", 1);

  use_model (fixture, model);
  assert_mixtures (fixture, model);
  use_model (fixture, other);
  assert_mixtures (fixture, other);
  use_model (fixture, thesis);
  assert_mixtures (fixture, thesis);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/explorer/%s", name);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("turns", test_turns);
  add ("interrupted", test_interrupted);
  add ("dropped", test_dropped);
  add ("model-changes", test_model_changes);
  add ("mixtures", test_mixtures);

  return g_test_run ();
}
