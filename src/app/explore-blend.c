/* explore-blend.c — from one picture to another: the strip between them, and the morph.
 * SPDX-License-Identifier: MIT */

#include "app/explore-blend.h"

#include "app/explore-morph.h"
#include "app/kept-list.h"
#include "app/picture-strip.h"
#include "app/scroll.h"
#include "app/ui.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_PICTURES 11
#define N_PLACES 100 /* that are gone to by hand, and found again */
#define GESTURE "blend"
#define CROSSING 2.5 /* seconds that playing takes from end to end */

/* Which of the list of ends is what: the ten digits, then these, then what is kept. */
#define END_HELD RAQAM_N_DIGITS
#define END_KEPT (END_HELD + 1)

struct _RaqamExploreBlend
{
  RaqamExplorePanel parent_instance;

  GtkStringList     *ends;
  GtkDropDown       *from;
  GtkDropDown       *to;
  RaqamPictureStrip *strip;
  GtkAdjustment     *place;
  GtkScale          *scale;
  GtkLabel          *percent;
  GtkToggleButton   *play;
  RaqamExplorePanel *morph;

  RaqamStyle base; /* the style of an end that is a digit */
  RaqamStyle held; /* its latent is 0 while there is none */
  RaqamStyle mine; /* what was last gone to from here */
  RaqamStyle between[2]; /* what the strip shows, from and to */
  gboolean   quiet;      /* the widgets are being set */

  guint    tick;      /* 0: it does not play */
  gint64   last_tick; /* µs of the frame clock */
  double   phase;     /* of playing: 0 to 1 forth, to 2 back */
  gboolean awaiting;  /* a picture that playing asked for is not drawn yet */
};

G_DEFINE_FINAL_TYPE (RaqamExploreBlend, raqam_explore_blend, RAQAM_TYPE_EXPLORE_PANEL)

static RaqamExploreScene *
scene_of (RaqamExploreBlend *self)
{
  return raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
}

static gboolean
is_digit (guint end)
{
  return end < RAQAM_N_DIGITS;
}

static gboolean
kept_style (RaqamExploreBlend *self, RaqamStyle *style, guint end)
{
  GListModel *kept = G_LIST_MODEL (raqam_explore_scene_get_kept (scene_of (self)));
  g_autoptr (RaqamKeptItem) item = g_list_model_get_item (kept, end - END_KEPT);

  if (item == NULL)
    return FALSE;
  *style = *raqam_kept_item_get_style (item);
  return TRUE;
}

/* What mixes nothing in is of one digit alone. */
static void
tidy (RaqamStyle *style)
{
  if (style->other != style->digit && style->mix > 0 && style->mix < RAQAM_MIX_MAX)
    return;
  style->digit = style->other = raqam_style_main_digit (style);
  style->mix = 0;
}

/* The style of @end; the base's where it is none of this model. */
static void
put_end (RaqamExploreBlend *self, RaqamStyle *style, guint end)
{
  RaqamStyle own;

  *style = self->base;
  if (is_digit (end))
    {
      style->digit = style->other = (int) end;
      style->mix = 0;
    }
  else if (end == END_HELD && self->held.latent == self->base.latent)
    *style = self->held;
  else if (end >= END_KEPT && kept_style (self, &own, end) && own.latent == self->base.latent)
    *style = own;
  tidy (style);
}

/* Returns: the hundredths that @digit has in the label of @style, which is tidy */
static int
share_of (const RaqamStyle *style, int digit)
{
  return (style->digit == digit ? RAQAM_MIX_MAX - style->mix : 0)
         + (style->other == digit ? style->mix : 0);
}

/* As raqam_style_between(), whose ends count as their main digits; here an end that mixes
 * two is what it is. A label cannot mix three: there only the ends themselves are. */
static void
blend (RaqamStyle *out, const RaqamStyle *from, const RaqamStyle *to, double place)
{
  const RaqamStyle *mixed = from->mix > 0 ? from : to;
  int digit = mixed->digit, other = mixed->other;

  raqam_style_between (out, from, to, place);
  if (mixed->mix == 0)
    return;
  if (share_of (from, digit) + share_of (from, other) == RAQAM_MIX_MAX
      && share_of (to, digit) + share_of (to, other) == RAQAM_MIX_MAX)
    {
      out->digit = digit;
      out->other = other;
      out->mix = (int) lrint ((1 - place) * share_of (from, other) + place * share_of (to, other));
    }
  else if (place <= 0)
    *out = *from;
  else if (place >= 1)
    *out = *to;
}

/* Asks for the strip's pictures where its ends are others than before. */
static void
draw_strip (RaqamExploreBlend *self, gboolean anyway)
{
  RaqamStyle ends[2], styles[N_PICTURES];

  put_end (self, &ends[0], gtk_drop_down_get_selected (self->from));
  put_end (self, &ends[1], gtk_drop_down_get_selected (self->to));
  if (!anyway && raqam_style_equal (&ends[0], &self->between[0])
      && raqam_style_equal (&ends[1], &self->between[1]))
    return;
  self->between[0] = ends[0];
  self->between[1] = ends[1];
  for (int i = 0; i < N_PICTURES; i++)
    blend (&styles[i], &ends[0], &ends[1], i / (double) (N_PICTURES - 1));
  raqam_explore_scene_draw (scene_of (self), RAQAM_SCENE_BLEND, styles, N_PICTURES);
}

/* @place: below 0 where the present picture is not on the strip */
static void
show_place (RaqamExploreBlend *self, double place)
{
  g_autofree char *number = raqam_format_number (100 * MAX (place, 0), 0);
  /* Translators: how far the way from one picture to another has been gone */
  g_autofree char *text = g_strdup_printf (_("%s %%"), number);

  self->quiet = TRUE;
  raqam_picture_strip_set_position (self->strip, place);
  gtk_adjustment_set_value (self->place, MAX (place, 0));
  gtk_label_set_text (self->percent, place < 0 ? "–" : text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  text, -1);
  self->quiet = FALSE;
}

/* Where between the ends the present picture is; below 0 where it is not. */
static double
find_place (RaqamExploreBlend *self)
{
  const RaqamStyle *style = raqam_explore_scene_get_style (scene_of (self));
  const RaqamStyle *from = &self->between[0], *to = &self->between[1];
  RaqamStyle there;

  if (raqam_style_equal (style, from))
    return 0;
  if (raqam_style_equal (style, to))
    return 1;
  for (int i = 0; i <= N_PLACES; i++)
    {
      blend (&there, from, to, i / (double) N_PLACES);
      if (raqam_style_equal (style, &there))
        return i / (double) N_PLACES;
    }
  return -1;
}

static void
stop_playing (RaqamExploreBlend *self)
{
  gtk_toggle_button_set_active (self->play, FALSE);
}

/* Returns: whether that is another picture, which will be drawn */
static gboolean
go_to (RaqamExploreBlend *self, double place)
{
  const RaqamStyle *present = raqam_explore_scene_get_style (scene_of (self));
  RaqamStyle style;

  if (self->between[0].latent != present->latent)
    return FALSE;
  blend (&style, &self->between[0], &self->between[1], place);
  show_place (self, place);
  if (raqam_style_equal (&style, present))
    return FALSE;
  self->mine = style;
  raqam_explore_scene_set_style (scene_of (self), &style, GESTURE);
  return TRUE;
}

static void
picked_cb (RaqamExploreBlend *self, double place)
{
  stop_playing (self);
  go_to (self, round (place * N_PLACES) / N_PLACES);
}

static void
place_changed_cb (RaqamExploreBlend *self)
{
  if (!self->quiet)
    picked_cb (self, gtk_adjustment_get_value (self->place));
}

static void
select_end (RaqamExploreBlend *self, GtkDropDown *drop_down, guint end)
{
  self->quiet = TRUE;
  gtk_drop_down_set_selected (drop_down, end);
  self->quiet = FALSE;
}

/* A picture that was gone to elsewhere: a blend of digits is one of theirs, any other
 * one is where a blend from a digit begins. */
static void
follow (RaqamExploreBlend *self, const RaqamStyle *style)
{
  guint from = gtk_drop_down_get_selected (self->from);
  guint to = gtk_drop_down_get_selected (self->to);
  guint digit = (guint) raqam_style_main_digit (style);

  self->base = *style;
  if (!is_digit (from))
    return;
  if (style->mix > 0 && style->other != style->digit && is_digit (to))
    {
      select_end (self, self->from, (guint) style->digit);
      select_end (self, self->to, (guint) style->other);
    }
  else if (digit != from && digit != to)
    select_end (self, self->from, digit);
}

/* An end that is kept stays the same picture wherever it is now in the list. */
static guint
find_kept (RaqamExploreBlend *self, const RaqamStyle *wanted)
{
  RaqamStyle style;

  for (guint end = END_KEPT; kept_style (self, &style, end); end++)
    {
      tidy (&style);
      if (raqam_style_equal (&style, wanted))
        return end;
    }
  return (guint) raqam_style_main_digit (wanted);
}

/* Makes the list of ends anew after the ten digits and the held picture. */
static void
list_kept (RaqamExploreBlend *self)
{
  GListModel *kept = G_LIST_MODEL (raqam_explore_scene_get_kept (scene_of (self)));
  GtkDropDown *drop_downs[2] = { self->from, self->to };
  guint n = g_list_model_get_n_items (kept), selected[2];
  g_autoptr (GPtrArray) names = g_ptr_array_new_full (n + 1, g_free);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (RaqamKeptItem) item = g_list_model_get_item (kept, i);

      g_ptr_array_add (names, g_strdup (raqam_kept_item_get_name (item)));
    }
  g_ptr_array_add (names, NULL);
  for (int i = 0; i < 2; i++)
    {
      selected[i] = gtk_drop_down_get_selected (drop_downs[i]);
      if (selected[i] >= END_KEPT)
        selected[i] = find_kept (self, &self->between[i]);
    }
  self->quiet = TRUE;
  gtk_string_list_splice (self->ends, END_KEPT,
                          g_list_model_get_n_items (G_LIST_MODEL (self->ends)) - END_KEPT,
                          (const char *const *) names->pdata);
  for (int i = 0; i < 2; i++)
    gtk_drop_down_set_selected (drop_downs[i], selected[i]);
  self->quiet = FALSE;
}

static void
raqam_explore_blend_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreBlend *self = RAQAM_EXPLORE_BLEND (panel);
  const RaqamStyle *style = raqam_explore_scene_get_style (scene);

  if (raqam_style_equal (style, &self->mine))
    return;
  stop_playing (self);
  self->mine = *style;
  follow (self, style);
  draw_strip (self, FALSE);
  show_place (self, find_place (self));
}

static void
raqam_explore_blend_model_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreBlend *self = RAQAM_EXPLORE_BLEND (panel);
  const RaqamStyle *style = raqam_explore_scene_get_style (scene);

  if (self->base.latent != style->latent)
    {
      self->mine = *style;
      self->held.latent = 0;
      follow (self, style);
    }
  list_kept (self);
  draw_strip (self, TRUE);
  show_place (self, find_place (self));
}

static void
end_selected (RaqamExploreBlend *self, GtkDropDown *drop_down)
{
  if (self->quiet || scene_of (self) == NULL)
    return;
  if (gtk_drop_down_get_selected (drop_down) == END_HELD && self->held.latent == 0)
    self->held = *raqam_explore_scene_get_style (scene_of (self));
  stop_playing (self);
  draw_strip (self, FALSE);
  show_place (self, find_place (self));
}

static void
from_selected_cb (RaqamExploreBlend *self)
{
  end_selected (self, self->from);
}

static void
to_selected_cb (RaqamExploreBlend *self)
{
  end_selected (self, self->to);
}

static void
kept_changed_cb (RaqamExploreBlend *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  list_kept (self);
  draw_strip (self, FALSE);
  show_place (self, find_place (self));
}

static void
swap_cb (RaqamExploreBlend *self)
{
  guint from = gtk_drop_down_get_selected (self->from);

  select_end (self, self->from, gtk_drop_down_get_selected (self->to));
  select_end (self, self->to, from);
  end_selected (self, self->from);
}

static void
from_here_cb (RaqamExploreBlend *self)
{
  self->held = *raqam_explore_scene_get_style (scene_of (self));
  self->base = self->held;
  select_end (self, self->from, END_HELD);
  end_selected (self, self->from);
}

static void
drawn_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExploreBlend *self)
{
  self->awaiting = FALSE;
}

static void
strip_drawn_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExploreBlend *self)
{
  raqam_picture_strip_set_pixels (self->strip, pixels);
}

/* By the clock, not by frames, and never ahead of what is drawn. */
static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  RaqamExploreBlend *self = RAQAM_EXPLORE_BLEND (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);

  self->phase += (now - self->last_tick) / (CROSSING * G_USEC_PER_SEC);
  self->phase = fmod (self->phase, 2);
  self->last_tick = now;
  if (!self->awaiting)
    self->awaiting = go_to (self, self->phase < 1 ? self->phase : 2 - self->phase);
  return G_SOURCE_CONTINUE;
}

static void
play_toggled_cb (RaqamExploreBlend *self)
{
  gboolean plays = gtk_toggle_button_get_active (self->play);
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_button_set_icon_name (GTK_BUTTON (self->play), plays ? "media-playback-pause-symbolic"
                                                           : "media-playback-start-symbolic");
  if (plays && self->tick == 0)
    {
      self->phase = gtk_adjustment_get_value (self->place);
      self->awaiting = FALSE;
      self->last_tick = gdk_frame_clock_get_frame_time (gtk_widget_get_frame_clock (widget));
      self->tick = gtk_widget_add_tick_callback (widget, tick_cb, NULL, NULL);
    }
  else if (!plays && self->tick != 0)
    {
      gtk_widget_remove_tick_callback (widget, self->tick);
      self->tick = 0;
    }
}

static void
raqam_explore_blend_start (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreBlend *self = RAQAM_EXPLORE_BLEND (panel);

  raqam_explore_panel_set_scene (self->morph, scene);
  g_signal_connect_object (raqam_explore_scene_get_kept (scene), "items-changed",
                           G_CALLBACK (kept_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scene, "drawn::picture", G_CALLBACK (drawn_cb), self, 0);
  g_signal_connect_object (scene, "drawn::blend", G_CALLBACK (strip_drawn_cb), self, 0);
}

static void
raqam_explore_blend_unmap (GtkWidget *widget)
{
  stop_playing (RAQAM_EXPLORE_BLEND (widget));

  GTK_WIDGET_CLASS (raqam_explore_blend_parent_class)->unmap (widget);
}

static void
raqam_explore_blend_dispose (GObject *object)
{
  RaqamExploreBlend *self = RAQAM_EXPLORE_BLEND (object);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;

  G_OBJECT_CLASS (raqam_explore_blend_parent_class)->dispose (object);
}

static void
raqam_explore_blend_class_init (RaqamExploreBlendClass *klass)
{
  RaqamExplorePanelClass *panel_class = RAQAM_EXPLORE_PANEL_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_explore_blend_dispose;
  panel_class->start = raqam_explore_blend_start;
  panel_class->changed = raqam_explore_blend_changed;
  panel_class->model_changed = raqam_explore_blend_model_changed;
  widget_class->unmap = raqam_explore_blend_unmap;

  g_type_ensure (RAQAM_TYPE_PICTURE_STRIP);
  g_type_ensure (RAQAM_TYPE_EXPLORE_MORPH);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-blend"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreBlend, ends);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreBlend, from);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreBlend, to);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreBlend, strip);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreBlend, place);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreBlend, scale);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreBlend, percent);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreBlend, play);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreBlend, morph);
  gtk_widget_class_bind_template_callback (widget_class, from_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, to_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, swap_cb);
  gtk_widget_class_bind_template_callback (widget_class, from_here_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, play_toggled_cb);
}

/* GTK leaves the button inside nameless. */
static void
name_button (GtkDropDown *drop_down, const char *name)
{
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (drop_down));

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
raqam_explore_blend_init (RaqamExploreBlend *self)
{
  self->quiet = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  name_button (self->from, _("Blend from"));
  name_button (self->to, _("Blend to"));
  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    {
      /* Translators: %s is a Persian digit */
      g_autofree char *text = g_strdup_printf (_("Digit %s"), raqam_format_persian_digit (d));

      gtk_string_list_append (self->ends, text);
    }
  gtk_string_list_append (self->ends, _("Held picture"));
  gtk_drop_down_set_selected (self->to, 1);
  raqam_scroll_leave (GTK_WIDGET (self->scale));
  self->quiet = FALSE;
}
