/* bench-explore.c — times the Explore page's pictures while a slider is moved.
 * SPDX-License-Identifier: MIT
 *
 * Everything is the program's own but the widgets: the engine, the scene, the main
 * loop and the textures. Sixty times a second the scene gets another style; measured
 * is the time until there is a texture that shows this style or a later one, of the
 * large picture, and of all pictures of a page. Prints one line, "what name=value …",
 * in milliseconds; others is the cores that other programs took meanwhile. */

#include "app/explore-scene.h"
#include "app/ink-large.h"
#include "app/ink.h"
#include "engine/model-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "toy.h"

#define N_CYCLE 100 /* styles, then again from the first */
#define MOVE_US (G_USEC_PER_SEC / 60)
#define LARGE_SIDE 528
#define N_TRAINED_ON 10000

static char *recipe_name = (char *) "fast";
static int n_seconds = 10;
static gboolean train, picture_only;

static const GOptionEntry options[] = {
  { "recipe", 'r', 0, G_OPTION_ARG_STRING, &recipe_name, "A recipe, \"fast\" unless said", "NAME|FILE" },
  { "seconds", 's', 0, G_OPTION_ARG_INT, &n_seconds, "How long the slider is moved, 10 unless said", "N" },
  { "train", 't', 0, G_OPTION_ARG_NONE, &train, "While a run of the fast recipe trains, as the window's do",
    NULL },
  { "picture", 'p', 0, G_OPTION_ARG_NONE, &picture_only, "The large picture alone is on the screen", NULL },
  { NULL },
};

/* What a page shows beside the large picture, asked for in this order. */
static const struct
{
  RaqamSceneSlot slot;
  int            n;
} PARTS[] = {
  { RAQAM_SCENE_DIGITS, 10 }, { RAQAM_SCENE_DIRECTIONS, 16 }, { RAQAM_SCENE_VARIATIONS, 24 },
};

typedef struct
{
  RaqamEngine       *engine;
  RaqamExploreScene *scene;
  RaqamInkLarge     *large;
  RaqamModel        *model;
  GHashTable        *known; /* of GBytes: style's number in the cycle, and one more */

  gint64   began;
  GArray  *asked;   /* of gint64: when each move was made */
  GArray  *taken;   /* of double: ms from each move to the picture */
  GArray  *pages;   /* the same to the last of the page's */
  GArray  *working; /* of double: ms that a texture of the large picture took */
  int      shown[RAQAM_N_SCENE_SLOTS]; /* the last move that is shown */
  gboolean has_stepped;
} Bench;

static RaqamStyle
style_of (const Bench *bench, int number)
{
  RaqamStyle style;

  raqam_style_init (&style, 3, bench->model->recipe->latent);
  raqam_style_randomise (&style, 1, 0);
  style.z[0] = -3 + 6.0f * number / N_CYCLE;
  return style;
}

static void
changed_cb (RaqamExploreScene *scene, Bench *bench)
{
  for (guint part = 0; part < G_N_ELEMENTS (PARTS) && !picture_only; part++)
    {
      RaqamStyle styles[24];

      for (int i = 0; i < PARTS[part].n; i++)
        {
          styles[i] = *raqam_explore_scene_get_style (scene);
          styles[i].z[1] += (float) i; /* the first is the large picture, by which it is known */
        }
      raqam_explore_scene_draw (scene, PARTS[part].slot, styles, PARTS[part].n);
    }
}

/* Returns: the last move that @pixels begin with a picture of */
static int
move_of (Bench *bench, GBytes *pixels)
{
  g_autoptr (GBytes) first = g_bytes_new_from_bytes (pixels, 0, RAQAM_IMAGE_SIZE);
  int number = GPOINTER_TO_INT (g_hash_table_lookup (bench->known, first)) - 1;
  int last = (int) bench->asked->len - 1;

  g_assert (number >= 0);
  return last - (last - number + N_CYCLE) % N_CYCLE;
}

static void
note (Bench *bench, GArray *to, int move)
{
  gint64 now = g_get_monotonic_time ();

  while ((int) to->len <= move)
    {
      double ms = (now - g_array_index (bench->asked, gint64, to->len)) / 1000.0;

      g_array_append_val (to, ms);
    }
}

static void
make_textures (Bench *bench, guint slot, GBytes *pixels)
{
  const guint8 *data = g_bytes_get_data (pixels, NULL);
  gsize n = g_bytes_get_size (pixels) / RAQAM_IMAGE_SIZE;

  if (slot == RAQAM_SCENE_PICTURE)
    {
      gint64 began = g_get_monotonic_time ();
      g_autoptr (GdkTexture) texture = raqam_ink_large_texture (bench->large, data, LARGE_SIDE, FALSE);
      double ms = (g_get_monotonic_time () - began) / 1000.0;

      g_array_append_val (bench->working, ms);
      return;
    }
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GdkTexture) texture
        = raqam_ink_texture_new (data + i * RAQAM_IMAGE_SIZE, 1, 1, 1, 2, FALSE);
    }
}

static void
shown_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, Bench *bench)
{
  int oldest = G_MAXINT;

  make_textures (bench, slot, pixels);
  if (bench->asked->len == 0)
    return;
  bench->shown[slot] = MAX (bench->shown[slot], move_of (bench, pixels));
  if (slot == RAQAM_SCENE_PICTURE)
    note (bench, bench->taken, bench->shown[slot]);
  for (guint part = 0; part < G_N_ELEMENTS (PARTS); part++)
    oldest = MIN (oldest, bench->shown[PARTS[part].slot]);
  note (bench, bench->pages, MIN (oldest, bench->shown[RAQAM_SCENE_PICTURE]));
}

/* Sixty times a second, as a frame clock does: late ones do not delay the next. */
static gboolean
move_cb (GSource *source, GSourceFunc callback, gpointer data)
{
  Bench *bench = data;
  gint64 now = g_get_monotonic_time ();
  RaqamStyle style = style_of (bench, (int) (bench->asked->len % N_CYCLE));

  g_source_set_ready_time (source, now - (now - bench->began) % MOVE_US + MOVE_US);
  g_array_append_val (bench->asked, now);
  raqam_explore_scene_set_style (bench->scene, &style, "latent");
  return G_SOURCE_CONTINUE;
}

static void
learn_cb (RaqamEngine *engine, guint slot, GBytes *pixels, Bench *bench)
{
  if (slot != RAQAM_ENGINE_SLOTS - 1)
    return;
  for (int i = 0; i < N_CYCLE; i++)
    g_hash_table_replace (bench->known,
                          g_bytes_new_from_bytes (pixels, (gsize) i * RAQAM_IMAGE_SIZE, RAQAM_IMAGE_SIZE),
                          GINT_TO_POINTER (i + 1));
}

static void
model_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, Bench *bench)
{
  RaqamStyle styles[N_CYCLE];

  if (model == NULL)
    g_error ("%s", error->message);
  bench->model = raqam_model_ref (model);
  for (int i = 0; i < N_CYCLE; i++)
    styles[i] = style_of (bench, i);
  raqam_engine_draw (engine, RAQAM_STAGE_MAIN, RAQAM_ENGINE_SLOTS - 1, styles, N_CYCLE);
}

static void
points_cb (RaqamEngine *engine, const RaqamPoint *points, guint n, Bench *bench)
{
  bench->has_stepped = TRUE;
}

static void
ended_cb (RaqamEngine *engine, gboolean finished, const GError *error, Bench *bench)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

/* The initial weights, larger, so that each number makes a difference. */
static char *
write_model (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find (recipe_name, &error);
  g_autofree char *json = recipe != NULL ? raqam_recipe_to_json (recipe) : NULL;
  const char *metadata[] = { RAQAM_META_RECIPE, json, RAQAM_META_STEP, "0", NULL };
  RaqamTensorInfo infos[RAQAM_MAX_TENSORS];
  RaqamTensor tensors[RAQAM_MAX_TENSORS] = { 0 };
  char *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr (RaqamModel) model = NULL;
  RaqamNetworkSpec spec;
  int n;

  if (recipe == NULL)
    g_error ("%s", error->message);
  model = raqam_model_new (recipe);
  raqam_network_spec_init (&spec, recipe, RAQAM_GENERATOR);
  raqam_network_initialise (model->params, model->state, &spec, recipe);
  for (gsize i = 0; i < model->n_params; i++)
    model->params[i] *= 3;

  n = raqam_network_spec_tensors (infos, &spec);
  for (int i = 0; i < n; i++)
    {
      tensors[i].name = g_strdup_printf (RAQAM_GROUP_GENERATOR ".%s", infos[i].name);
      tensors[i].dtype = RAQAM_DTYPE_F32;
      tensors[i].n_dims = infos[i].n_dims;
      memcpy (tensors[i].shape, infos[i].shape, sizeof infos[i].shape);
      tensors[i].data = (infos[i].state ? model->state : model->params) + infos[i].offset;
    }
  if (!raqam_safetensors_write (path, tensors, n, metadata, &error))
    g_error ("%s", error->message);
  for (int i = 0; i < n; i++)
    g_free ((char *) tensors[i].name);
  return path;
}

static void
start_training (Bench *bench, const char *folder)
{
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find ("fast", NULL);
  g_autofree char *data = toy_write_data (folder, N_TRAINED_ON);
  g_autofree char *run = g_build_filename (folder, "run", NULL);
  const char *paths[] = { data, NULL };

  raqam_engine_train (bench->engine, &(RaqamTrainSettings) {
                                       .recipe = recipe, .data = paths, .run_folder = run,
                                       .epochs = 100000, .device = "cpu", .background = TRUE,
                                       .sample_rows = 4,
                                     });
  while (!bench->has_stepped)
    g_main_context_iteration (NULL, TRUE);
}

/* Returns: processor seconds that other processes have used so far */
static double
used_by_others (void)
{
  g_autofree char *text = NULL;
  guint64 t[8] = { 0 };
  char *end;
  struct rusage own;

  if (!g_file_get_contents ("/proc/stat", &text, NULL, NULL))
    return 0;
  end = text + strlen ("cpu");
  for (guint i = 0; i < G_N_ELEMENTS (t); i++)
    t[i] = g_ascii_strtoull (end, &end, 10);
  getrusage (RUSAGE_SELF, &own);

  /* All but idle and waiting for a disk: user, nice, system, two kinds of interrupts, stolen. */
  return (double) (t[0] + t[1] + t[2] + t[5] + t[6] + t[7]) / sysconf (_SC_CLK_TCK)
         - (own.ru_utime.tv_sec + own.ru_stime.tv_sec)
         - (own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6;
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
turn_for (double seconds)
{
  gint64 until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

  while (g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
quantile (GArray *values, double q)
{
  g_array_sort (values, compare_doubles);
  return values->len > 0 ? g_array_index (values, double, (guint) (q * (values->len - 1))) : 0;
}

static void
measure (Bench *bench)
{
  static GSourceFuncs functions = { .dispatch = move_cb };
  double used = used_by_others ();
  GSource *moves = g_source_new (&functions, sizeof (GSource));

  bench->began = g_get_monotonic_time ();
  g_source_set_callback (moves, wake_cb, bench, NULL); /* its data is move_cb's */
  g_source_set_ready_time (moves, bench->began);
  g_source_attach (moves, NULL);
  turn_for (n_seconds);
  g_source_destroy (moves);
  g_source_unref (moves);
  used = (used_by_others () - used) / ((g_get_monotonic_time () - bench->began) / 1e6);
  turn_for (1); /* for the last pictures */

  printf ("explore recipe=%s training=%s moves=%u picture_p50=%.2f picture_p99=%.2f "
          "picture_longest=%.2f ",
          recipe_name, train ? "yes" : "no", bench->taken->len, quantile (bench->taken, 0.5),
          quantile (bench->taken, 0.99), quantile (bench->taken, 1));
  if (!picture_only)
    printf ("page_p50=%.2f page_p99=%.2f ", quantile (bench->pages, 0.5),
            quantile (bench->pages, 0.99));
  printf ("texture_p50=%.2f others=%.2f\n", quantile (bench->working, 0.5), used);
}

static void
set_up (Bench *bench, const char *folder)
{
  g_autofree char *path = write_model (folder);

  bench->engine = raqam_engine_new ();
  bench->scene = raqam_explore_scene_new (bench->engine);
  bench->large = raqam_ink_large_new ();
  bench->known = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                        NULL);
  bench->asked = g_array_new (FALSE, FALSE, sizeof (gint64));
  bench->taken = g_array_new (FALSE, FALSE, sizeof (double));
  bench->pages = g_array_new (FALSE, FALSE, sizeof (double));
  bench->working = g_array_new (FALSE, FALSE, sizeof (double));
  for (int slot = 0; slot < RAQAM_N_SCENE_SLOTS; slot++)
    bench->shown[slot] = -1;

  g_signal_connect (bench->scene, "changed", G_CALLBACK (changed_cb), bench);
  g_signal_connect (bench->scene, "drawn", G_CALLBACK (shown_cb), bench);
  g_signal_connect (bench->engine, "model", G_CALLBACK (model_cb), bench);
  g_signal_connect (bench->engine, "drawn", G_CALLBACK (learn_cb), bench);
  g_signal_connect (bench->engine, "points", G_CALLBACK (points_cb), bench);
  g_signal_connect (bench->engine, "ended", G_CALLBACK (ended_cb), bench);

  raqam_engine_open_model (bench->engine, path);
  while (g_hash_table_size (bench->known) == 0)
    g_main_context_iteration (NULL, TRUE);
  if (g_hash_table_size (bench->known) < N_CYCLE)
    g_error ("Some of the slider's pictures are the same.");
}

static void
tear_down (Bench *bench)
{
  raqam_engine_close (bench->engine);
  g_clear_object (&bench->scene);
  g_clear_object (&bench->engine);
  raqam_ink_large_free (bench->large);
  g_hash_table_unref (bench->known);
  g_array_unref (bench->asked);
  g_array_unref (bench->taken);
  g_array_unref (bench->pages);
  g_array_unref (bench->working);
  raqam_model_unref (bench->model);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  Bench bench = { 0 };
  guint wake;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "raqam-bench-explore: %s\n", error->message);
      return EXIT_FAILURE;
    }

  folder = toy_folder ();
  wake = g_timeout_add (20, wake_cb, NULL); /* the loop turns though nothing happens */
  set_up (&bench, folder);
  if (train)
    start_training (&bench, folder);
  measure (&bench);
  tear_down (&bench);
  g_source_remove (wake);
  toy_remove (folder);
  return EXIT_SUCCESS;
}
