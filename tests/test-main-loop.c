/* test-main-loop.c — the main loop keeps turning while a run trains at full load.
 * SPDX-License-Identifier: MIT
 *
 * A timer of 5 ms turns the main loop; the time from one turn to the next is what
 * a user would feel. The run is the fast recipe's on the Hoda digits, or on noise
 * where they are not; it leaves one core free, as the window's runs do.
 *
 * One long gap may be the machine's, so it is measured again: what is ours comes back
 * each time. Where other programs take more than half a core to the end, it may still be
 * theirs, and the test is skipped.
 */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/application.h"
#include "app/explore-page.h"
#include "app/window.h"
#include "cdb-bytes.h"
#include "engine/dataset.h"
#include "engine/engine.h"

#define TURN_MS 5
#define DRAW_MS 33
#define LIMIT_MS 50.0
#define SECONDS 20
#define N_NOISE 2000
#define BUSY_CORES 0.5
#define N_TRIES 3

typedef struct
{
  char  *folder;
  char **data;
  GArray *gaps; /* of double: from one turn of the loop to the next, in ms */
  gint64  last; /* when it turned; 0 while it is not measured */
  guint   n_points, n_samples, n_drawn;
  gboolean ended;

  GApplication     *application; /* or NULL */
  RaqamEngine      *engine;
  GtkWidget        *window; /* or NULL */
  RaqamExploreScene *scene; /* the window's, or NULL */
  RaqamModel       *model;  /* the explorer's, where there is no window */
  guint             n_moves;
} Fixture;

static char **
write_noise (const char *folder)
{
  g_autoptr (GByteArray) bytes = cdb_bytes_new (TRUE, RAQAM_IMAGE_SIDE, RAQAM_IMAGE_SIDE);
  g_autofree char *path = g_build_filename (folder, "noise.cdb", NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;
  guint8 pixels[RAQAM_IMAGE_SIZE];

  for (guint i = 0; i < N_NOISE; i++)
    {
      for (guint p = 0; p < RAQAM_IMAGE_SIZE; p++)
        pixels[p] = (guint8) g_rand_int_range (rand, 0, 256);
      cdb_bytes_add (bytes, i % 10, RAQAM_IMAGE_SIDE, RAQAM_IMAGE_SIDE, pixels);
    }
  g_file_set_contents (path, (const char *) bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  return g_strdupv ((char *[]){ path, NULL });
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
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
turn_cb (gpointer data)
{
  Fixture *fixture = data;
  gint64 now = g_get_monotonic_time ();

  if (fixture->last != 0)
    {
      double gap = (now - fixture->last) / 1000.0;

      g_array_append_val (fixture->gaps, gap);
      fixture->last = now;
    }
  return G_SOURCE_CONTINUE;
}

/* A slider is moved, thirty times a second. */
static gboolean
move_cb (gpointer data)
{
  Fixture *fixture = data;
  RaqamStyle style;
  int digit = fixture->n_moves++ / 30 % 10;
  int length = fixture->scene != NULL   ? raqam_explore_scene_get_style (fixture->scene)->latent
               : fixture->model != NULL ? fixture->model->recipe->latent
                                        : 0;

  if (length == 0)
    return G_SOURCE_CONTINUE;
  raqam_style_init (&style, digit, length);
  style.z[fixture->n_moves / 90 % length] = (fixture->n_moves % 60) / 10.0f - 3;
  if (fixture->scene != NULL)
    raqam_explore_scene_set_style (fixture->scene, &style, "latent");
  else
    raqam_engine_draw (fixture->engine, RAQAM_STAGE_MAIN, 0, &style, 1);
  return G_SOURCE_CONTINUE;
}

static void
points_cb (RaqamEngine *engine, const RaqamPoint *points, guint n, Fixture *fixture)
{
  fixture->n_points += n;
}

static void
samples_cb (RaqamEngine *engine, const RaqamSamples *samples, Fixture *fixture)
{
  fixture->n_samples++;
}

static void
drawn_cb (RaqamEngine *engine, guint slot, GBytes *pixels, Fixture *fixture)
{
  fixture->n_drawn++;
}

static void
model_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, Fixture *fixture)
{
  g_assert_no_error (error);
  g_clear_pointer (&fixture->model, raqam_model_unref);
  fixture->model = raqam_model_ref (model);
}

static void
ended_cb (RaqamEngine *engine, gboolean finished, const GError *error, Fixture *fixture)
{
  g_assert_no_error (error);
  fixture->ended = TRUE;
}

static void
listen (Fixture *fixture, RaqamEngine *engine)
{
  fixture->engine = engine;
  g_signal_connect (engine, "points", G_CALLBACK (points_cb), fixture);
  g_signal_connect (engine, "samples", G_CALLBACK (samples_cb), fixture);
  g_signal_connect (engine, "drawn", G_CALLBACK (drawn_cb), fixture);
  g_signal_connect (engine, "model", G_CALLBACK (model_cb), fixture);
  g_signal_connect (engine, "ended", G_CALLBACK (ended_cb), fixture);
}

static gboolean
timeout_cb (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
turn_for (double seconds)
{
  gboolean over = FALSE;

  g_timeout_add ((guint) (seconds * 1000), timeout_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Half of the time on each page, where there are pages.
 * Returns: the longest gap in ms; @others, overwritten: cores that other programs took */
static double
measure (Fixture *fixture, double *others)
{
  gint64 begin = g_get_monotonic_time ();
  double used = used_by_others (), longest;
  guint n;

  fixture->n_points = fixture->n_samples = fixture->n_drawn = 0;
  g_array_set_size (fixture->gaps, 0);
  fixture->last = begin;
  turn_for (SECONDS / 2.0);
  if (fixture->window != NULL)
    gtk_widget_activate_action (fixture->window, "win.page", "s", "explore");
  turn_for (SECONDS / 2.0);
  fixture->last = 0;
  if (fixture->window != NULL)
    gtk_widget_activate_action (fixture->window, "win.page", "s", "train");

  *others = (used_by_others () - used) / ((g_get_monotonic_time () - begin) / 1e6);
  n = fixture->gaps->len;
  g_assert_cmpuint (n, >, 100);
  g_array_sort (fixture->gaps, compare_doubles);
  longest = g_array_index (fixture->gaps, double, n - 1);
  g_test_message ("%u turns, %u points, %u samples, %u pictures: from turn to turn p99 %.1f ms, "
                  "longest %.1f ms; other programs took %.2f cores",
                  n, fixture->n_points, fixture->n_samples, fixture->n_drawn,
                  g_array_index (fixture->gaps, double, n * 99 / 100), longest, *others);
  return longest;
}

/* As measure(), once the run is under way: loading is no part of the load. */
static double
measure_run (Fixture *fixture, double *others)
{
  double longest;

  while (fixture->n_points == 0 || fixture->n_drawn == 0)
    {
      g_assert_false (fixture->ended);
      g_main_context_iteration (NULL, TRUE);
    }
  longest = measure (fixture, others);
  g_assert_cmpuint (fixture->n_points, >, 10);
  g_assert_cmpuint (fixture->n_samples, >, 0);
  g_assert_cmpuint (fixture->n_drawn, >, 10);
  return longest;
}

/* Each look begins anew, so that what happens only once in a window is in all of them. */
static void
judge (Fixture *fixture, double (*look) (Fixture *fixture, double *others))
{
  double longest = 0, others = 0;

  for (int i = 0; i < N_TRIES; i++)
    {
      fixture->n_points = fixture->n_samples = fixture->n_drawn = 0;
      longest = look (fixture, &others);
      g_clear_pointer (&fixture->model, raqam_model_unref);
      if (longest < LIMIT_MS)
        return;
    }
  if (others > BUSY_CORES)
    g_test_skip ("other programs keep the processors busy: the gaps are not ours to judge");
  else
    g_assert_cmpfloat (longest, <, LIMIT_MS);
}

static double
look_at_engine (Fixture *fixture, double *others)
{
  g_autoptr (RaqamEngine) engine = raqam_engine_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find ("fast", &error);
  g_autofree char *run = g_build_filename (fixture->folder, "run", NULL);
  double longest;

  g_assert_no_error (error);
  listen (fixture, engine);
  raqam_engine_follow (engine, TRUE);
  raqam_engine_train (engine, &(RaqamTrainSettings){
                                .recipe = recipe,
                                .data = (const char *const *) fixture->data,
                                .run_folder = run,
                                .device = "cpu",
                                .background = TRUE,
                                .sample_rows = 4,
                              });
  longest = measure_run (fixture, others);
  g_signal_handlers_disconnect_by_data (engine, fixture);
  raqam_engine_close (engine);
  remove_tree (run);
  return longest;
}

static void
test_engine (Fixture *fixture, gconstpointer data)
{
  judge (fixture, look_at_engine);
}

static GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static double
look_at_window (Fixture *fixture, double *others)
{
  GtkApplication *application = GTK_APPLICATION (fixture->application);
  GtkWidget *window;
  double longest;

  g_application_activate (fixture->application);
  window = GTK_WIDGET (gtk_application_get_active_window (application));
  g_assert_true (RAQAM_IS_WINDOW (window));
  listen (fixture, raqam_window_get_engine (RAQAM_WINDOW (window)));
  raqam_window_open (RAQAM_WINDOW (window), (const char *const *) fixture->data);
  while (!gtk_widget_get_mapped (window))
    g_main_context_iteration (NULL, TRUE);

  g_assert_true (gtk_widget_activate_action (window, "train.recommend", NULL));
  fixture->window = window;
  fixture->scene = raqam_explore_page_get_scene (
    RAQAM_EXPLORE_PAGE (find_widget (window, RAQAM_TYPE_EXPLORE_PAGE)));
  longest = measure_run (fixture, others);

  fixture->window = NULL;
  fixture->scene = NULL;
  g_signal_handlers_disconnect_by_data (fixture->engine, fixture);
  gtk_window_close (GTK_WINDOW (window));
  while (gtk_application_get_windows (application) != NULL)
    g_main_context_iteration (NULL, TRUE);
  return longest;
}

static void
test_window (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  if (!gtk_init_check ())
    {
      g_test_skip ("there is no display");
      return;
    }
  application = raqam_application_new ();
  fixture->application = G_APPLICATION (application);
  g_application_register (fixture->application, NULL, &error);
  g_assert_no_error (error);
  judge (fixture, look_at_window);
}

static guint turn_id, move_id;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("raqam-main-loop-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->data = raqam_dataset_find_hoda ();
  if (fixture->data == NULL)
    fixture->data = write_noise (fixture->folder);
  fixture->gaps = g_array_new (FALSE, FALSE, sizeof (double));
  turn_id = g_timeout_add (TURN_MS, turn_cb, fixture);
  move_id = g_timeout_add (DRAW_MS, move_cb, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_source_remove (turn_id);
  g_source_remove (move_id);
  g_clear_pointer (&fixture->model, raqam_model_unref);
  g_array_unref (fixture->gaps);
  g_strfreev (fixture->data);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data_home = g_dir_make_tmp ("raqam-data-XXXXXX", &error);
  int status;

  g_assert_no_error (error);
  g_setenv ("XDG_DATA_HOME", data_home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/main-loop/engine", Fixture, NULL, set_up, test_engine, tear_down);
  g_test_add ("/main-loop/window", Fixture, NULL, set_up, test_window, tear_down);
  status = g_test_run ();
  remove_tree (data_home);
  return status;
}
