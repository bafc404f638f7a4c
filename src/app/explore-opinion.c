/* explore-opinion.c — what those who know real digits say of the picture.
 * SPDX-License-Identifier: MIT */

#include "app/explore-opinion.h"

#include "app/picture-cell.h"
#include "app/probability-bars.h"
#include "app/ui.h"
#include "engine/critic.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_NEIGHBOURS RAQAM_CRITIC_NEIGHBOURS
#define CELL_SIDE 34

/* Words change the layout, and nobody reads them sixty times a second. */
#define WORDS_EVERY (G_USEC_PER_SEC / 10)

/* Before it is known how fast the training goes. */
#define WARM_UP 0.02

struct _RaqamExploreOpinion
{
  RaqamExplorePanel parent_instance;

  GtkLabel             *winner;
  GtkLabel             *realness;
  GtkLevelBar          *meter;
  GtkStack             *classifier_stack;
  RaqamProbabilityBars *bars;
  GtkLabel             *train_note;
  GtkProgressBar       *progress;
  GtkLabel             *progress_note;
  GtkWidget            *neighbours;
  GtkWidget            *heading; /* of the neighbours */
  GtkLabel             *sentence;

  RaqamPictureCell *cells[N_NEIGHBOURS];
  GtkLabel         *distances[N_NEIGHBOURS];

  RaqamCritic *critic;
  RaqamModel  *model; /* the critic's; or NULL */
  RaqamOpinion reading; /* the last of those who answer at once, without its pixels */
  RaqamOpinion near;    /* the last with neighbours, without its pixels */
  char        *failure; /* of the classifier's training; or NULL */
  gint64       training_since;

  guint  words_source; /* 0: none waits */
  gint64 words_due;
};

G_DEFINE_FINAL_TYPE (RaqamExploreOpinion, raqam_explore_opinion, RAQAM_TYPE_EXPLORE_PANEL)

static const RaqamCriticState *
state (RaqamExploreOpinion *self)
{
  return raqam_critic_get_state (self->critic);
}

/* A label that is set to what it shows would be laid out again. */
static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static void
say_probabilities (RaqamExploreOpinion *self)
{
  const float *probabilities = self->reading.probabilities;
  g_autofree char *percent = NULL, *text = NULL, *all = NULL;
  int winner = raqam_probability_bars_winner (probabilities);

  if (!self->reading.has_probabilities)
    {
      set_text (self->winner, "–");
      return;
    }
  percent = raqam_format_number (100 * probabilities[winner], 0);
  /* Translators: how sure the classifier is, in per cent, and the digit that it reads */
  text = g_strdup_printf (_("%s %% %s"), percent, raqam_format_persian_digit (winner));
  all = raqam_probability_bars_describe (probabilities);
  set_text (self->winner, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bars), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  all, -1);
}

static void
say_realness (RaqamExploreOpinion *self)
{
  g_autofree char *percent = raqam_format_number (100 * self->reading.realness, 0);
  g_autofree char *text = NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->meter), self->reading.has_realness);
  if (self->reading.has_realness)
    /* Translators: per cent, how likely the discriminator takes a picture to be a real one */
    text = g_strdup_printf (_("%s %% real"), percent);
  else if (state (self)->has_discriminator || state (self)->data == RAQAM_CRITIC_NO_MODEL)
    text = g_strdup ("–");
  else
    /* Translators: a model that is shared has no discriminator */
    text = g_strdup (_("not in the file"));
  set_text (self->realness, text);
}

static char *
judge_distance (const RaqamOpinion *opinion)
{
  double nearest = opinion->neighbours[0].distance;
  g_autofree char *median = raqam_format_number (opinion->unseen_median, 2);
  const char *verdict;

  if (nearest == 0)
    return g_strdup (_("A copy: the first is the same, pixel for pixel."));
  if (!opinion->has_unseen)
    return g_strdup (_("Measuring how near other real digits come…"));
  if (nearest < opinion->unseen_near)
    /* Translators: %s is a distance from 0 to 1 */
    verdict = _("Perhaps remembered: nearer than other real digits come (half within %s).");
  else if (nearest > opinion->unseen_far)
    /* Translators: %s is a distance from 0 to 1 */
    verdict = _("Unusual: further away than other real digits are (half within %s).");
  else
    /* Translators: %s is a distance from 0 to 1 */
    verdict = _("New: no nearer than other real digits come (half within %s).");
  return g_strdup_printf (verdict, median);
}

static char *
say_state (RaqamExploreOpinion *self)
{
  switch (state (self)->data)
    {
    case RAQAM_CRITIC_NO_MODEL:
      return g_strdup ("");
    case RAQAM_CRITIC_LOADING:
      return g_strdup (_("Reading the real digits…"));
    case RAQAM_CRITIC_NO_DATA:
      return g_strdup (_("No real digits were found to compare with. Put the Hoda files “Train "
                         "60000.cdb” and “Test 20000.cdb” into your folder of downloads."));
    case RAQAM_CRITIC_BAD_DATA:
      /* Translators: what is wrong, in sentences */
      return g_strdup_printf (_("There is nothing to compare with. %s"), state (self)->problem);
    case RAQAM_CRITIC_READY:
    default:
      return self->near.n_neighbours > 0 ? judge_distance (&self->near)
                                            : g_strdup (_("Looking for the nearest real digits…"));
    }
}

static void
say_words (RaqamExploreOpinion *self)
{
  g_autofree char *sentence = say_state (self);

  say_probabilities (self);
  say_realness (self);
  set_text (self->sentence, sentence);
  self->words_due = g_get_monotonic_time () + WORDS_EVERY;
}

static gboolean
words_cb (gpointer data)
{
  RaqamExploreOpinion *self = data;

  self->words_source = 0;
  say_words (self);
  return G_SOURCE_REMOVE;
}

static void
say_words_soon (RaqamExploreOpinion *self)
{
  gint64 wait = self->words_due - g_get_monotonic_time ();

  if (self->words_source != 0)
    return;
  if (wait <= 0)
    say_words (self);
  else
    self->words_source = g_timeout_add ((guint) (wait / 1000) + 1, words_cb, self);
}

static void
show_neighbour (RaqamExploreOpinion *self, int i, const RaqamNeighbour *neighbour)
{
  g_autofree char *distance = raqam_format_number (neighbour->distance, 2);
  g_autofree char *label = NULL;

  /* Translators: a Persian digit, and a distance from 0 to 1 */
  label = g_strdup_printf (_("Real %s, distance %s"),
                           raqam_format_persian_digit (neighbour->label), distance);
  raqam_picture_cell_set (self->cells[i], neighbour->pixels, label);
  set_text (self->distances[i], distance);
}

static void
show_neighbours (RaqamExploreOpinion *self, const RaqamOpinion *told)
{
  const RaqamOpinion *shown = &self->near;

  for (int i = 0; i < told->n_neighbours; i++)
    if (i >= shown->n_neighbours || told->neighbours[i].index != shown->neighbours[i].index
        || told->neighbours[i].distance != shown->neighbours[i].distance)
      show_neighbour (self, i, &told->neighbours[i]);
}

static void
show_no_neighbours (RaqamExploreOpinion *self)
{
  for (int i = 0; i < N_NEIGHBOURS; i++)
    {
      raqam_picture_cell_set (self->cells[i], NULL, _("None yet"));
      set_text (self->distances[i], "");
    }
  self->near.n_neighbours = 0;
}

static void
told_cb (RaqamExploreOpinion *self, const RaqamOpinion *told)
{
  RaqamOpinion *kept = told->n_neighbours > 0 ? &self->near : &self->reading;

  if (kept == &self->near)
    show_neighbours (self, told);
  else
    {
      raqam_probability_bars_set (self->bars, told->has_probabilities ? told->probabilities : NULL);
      gtk_level_bar_set_value (self->meter, told->has_realness ? told->realness : 0);
    }
  *kept = *told;
  kept->pixels = NULL;
  say_words_soon (self);
}

static gboolean
is_run_training (RaqamExploreOpinion *self)
{
  RaqamExploreScene *scene = raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));

  return scene != NULL
         && raqam_engine_get_state (raqam_explore_scene_get_engine (scene)) != RAQAM_STATE_IDLE;
}

static void
show_classifier (RaqamExploreOpinion *self)
{
  const char *page = "bars";

  if (raqam_critic_is_training (self->critic))
    page = "training";
  else if (state (self)->data == RAQAM_CRITIC_READY && !state (self)->has_classifier)
    page = "none";
  gtk_stack_set_visible_child_name (self->classifier_stack, page);

  if (self->failure != NULL)
    set_text (self->train_note, self->failure);
  else if (is_run_training (self))
    set_text (self->train_note, _("Once for these digits. A model is being trained now: it will "
                                  "take much longer, and slow that down."));
  else
    set_text (self->train_note, _("Two to five minutes on two cores, once for these digits."));
}

static void
state_changed_cb (RaqamExploreOpinion *self)
{
  const RaqamCriticState *now = state (self);
  gboolean ready = now->data == RAQAM_CRITIC_READY;

  if (!now->has_classifier && self->reading.has_probabilities)
    {
      self->reading.has_probabilities = FALSE;
      raqam_probability_bars_set (self->bars, NULL);
    }
  if (!now->has_discriminator)
    {
      self->reading.has_realness = FALSE;
      gtk_level_bar_set_value (self->meter, 0);
    }
  if (!ready && self->near.n_neighbours > 0)
    show_no_neighbours (self);
  gtk_widget_set_visible (self->neighbours, ready || now->data == RAQAM_CRITIC_LOADING);
  gtk_widget_set_visible (self->heading, ready);
  show_classifier (self);
  say_words_soon (self);
}

static void
progress_cb (RaqamExploreOpinion *self, double done)
{
  double passed = (double) (g_get_monotonic_time () - self->training_since) / G_USEC_PER_SEC;
  g_autofree char *time = raqam_format_duration (ceil (passed * (1 - done) / done));
  g_autofree char *text = NULL;

  gtk_progress_bar_set_fraction (self->progress, done);
  /* Translators: a time, as "4 min 5 s" */
  text = done < WARM_UP ? g_strdup (_("Training the classifier")) : g_strdup_printf (_("%s left"), time);
  set_text (self->progress_note, text);
}

static void
trained_cb (RaqamExploreOpinion *self, const GError *error)
{
  g_free (self->failure);
  self->failure = error != NULL ? g_strdup (error->message) : NULL;
  show_classifier (self);
}

static void
train_cb (RaqamExploreOpinion *self)
{
  g_clear_pointer (&self->failure, g_free);
  self->training_since = g_get_monotonic_time ();
  gtk_progress_bar_set_fraction (self->progress, 0);
  set_text (self->progress_note, _("Training the classifier"));
  raqam_critic_train_classifier (self->critic);
  show_classifier (self);
}

static void
stop_cb (RaqamExploreOpinion *self)
{
  raqam_critic_cancel_training (self->critic);
}

static void
ask (RaqamExploreOpinion *self, RaqamExploreScene *scene, GBytes *pixels)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    raqam_critic_ask (self->critic, pixels,
                      raqam_style_main_digit (raqam_explore_scene_get_style (scene)));
}

static void
drawn_cb (RaqamExploreOpinion *self, guint slot, GBytes *pixels, RaqamExploreScene *scene)
{
  ask (self, scene, pixels);
}

static void
raqam_explore_opinion_start (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  g_signal_connect_object (scene, "drawn::picture", G_CALLBACK (drawn_cb), panel, G_CONNECT_SWAPPED);
}

/* Another model draws its picture anew, and that is asked about. The same one comes again
 * with the page: then the evaluation may have trained the classifier meanwhile. */
static void
raqam_explore_opinion_model_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreOpinion *self = RAQAM_EXPLORE_OPINION (panel);
  RaqamModel *model = raqam_explore_scene_get_model (scene);
  GBytes *pixels = raqam_explore_scene_get_pixels (scene);
  gboolean same = model == self->model;

  if (model == NULL)
    return;
  if (!same || !state (self)->has_classifier)
    raqam_critic_set_model (self->critic, model);
  g_clear_pointer (&self->model, raqam_model_unref);
  self->model = raqam_model_ref (model);
  if (same && pixels != NULL)
    ask (self, scene, pixels);
}

static void
add_cell (RaqamExploreOpinion *self, int i)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);

  self->cells[i] = RAQAM_PICTURE_CELL (raqam_picture_cell_new ());
  self->distances[i] = GTK_LABEL (gtk_label_new (NULL));
  raqam_picture_cell_set_side (self->cells[i], CELL_SIDE);
  gtk_widget_add_css_class (GTK_WIDGET (self->distances[i]), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->distances[i]), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->distances[i]), "numeric");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->cells[i]));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->distances[i]));
  gtk_box_append (GTK_BOX (self->neighbours), box);
}

static void
raqam_explore_opinion_dispose (GObject *object)
{
  RaqamExploreOpinion *self = RAQAM_EXPLORE_OPINION (object);

  g_clear_handle_id (&self->words_source, g_source_remove);
  g_clear_object (&self->critic);
  g_clear_pointer (&self->model, raqam_model_unref);
  g_clear_pointer (&self->failure, g_free);

  G_OBJECT_CLASS (raqam_explore_opinion_parent_class)->dispose (object);
}

static void
raqam_explore_opinion_class_init (RaqamExploreOpinionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  RaqamExplorePanelClass *panel_class = RAQAM_EXPLORE_PANEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_explore_opinion_dispose;
  panel_class->start = raqam_explore_opinion_start;
  panel_class->model_changed = raqam_explore_opinion_model_changed;

  g_type_ensure (RAQAM_TYPE_PROBABILITY_BARS);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-opinion"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, winner);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, realness);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, meter);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, classifier_stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, bars);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, train_note);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, progress);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, progress_note);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, neighbours);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, heading);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreOpinion, sentence);
  gtk_widget_class_bind_template_callback (widget_class, train_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
}

static void
raqam_explore_opinion_init (RaqamExploreOpinion *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int i = 0; i < N_NEIGHBOURS; i++)
    add_cell (self, i);
  show_no_neighbours (self);
  for (int i = 0; i < 3; i++)
    gtk_level_bar_remove_offset_value (
      self->meter, ((const char *[]){ GTK_LEVEL_BAR_OFFSET_LOW, GTK_LEVEL_BAR_OFFSET_HIGH,
                                      GTK_LEVEL_BAR_OFFSET_FULL })[i]);

  self->critic = raqam_critic_new ();
  g_signal_connect_object (self->critic, "state-changed", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->critic, "told", G_CALLBACK (told_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->critic, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->critic, "trained", G_CALLBACK (trained_cb), self,
                           G_CONNECT_SWAPPED);
  say_words (self);
}
