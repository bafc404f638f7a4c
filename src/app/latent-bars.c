/* latent-bars.c — all numbers of a latent vector as bars, drawn by dragging across them.
 * SPDX-License-Identifier: MIT */

#include "app/latent-bars.h"

#include "app/latent-bar.h"
#include "app/latent-bars-drawing.h"
#include "engine/recipe.h"

#include <glib/gi18n.h>
#include <math.h>

#define SHOWN RAQAM_LATENT_BARS_SHOWN
#define LIMIT RAQAM_LATENT_BARS_LIMIT
#define STEP 0.1
#define PAGE 0.5
#define NATURAL_WIDTH 420
#define MIN_WIDTH 200

struct _RaqamLatentBars
{
  GtkWidget parent_instance;

  GPtrArray *bars; /* of RaqamLatentBar, borrowed */
  float      values[RAQAM_MAX_LATENT];
  int        current;
  int        hovered;   /* or -1 */
  int        row;       /* in which the pointer draws, or -1 */
  double     last_x, last_y;
  double     start_x, start_y;
  gboolean   quiet; /* bars are being set */
};

enum
{
  PROP_CURRENT = 1,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamLatentBars, raqam_latent_bars, GTK_TYPE_WIDGET)

static int
count (RaqamLatentBars *self)
{
  return (int) self->bars->len;
}

static RaqamLatentLayout
lay_out (RaqamLatentBars *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  return raqam_latent_layout (count (self), gtk_widget_get_width (widget),
                              gtk_widget_get_height (widget),
                              gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL);
}

static void
set_current (RaqamLatentBars *self, int index)
{
  if (self->current == index)
    return;
  self->current = index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CURRENT]);
}

/* The slider is told too; it may know less, because its ends are nearer. */
static void
set_value (RaqamLatentBars *self, int index, double value)
{
  gboolean quiet = self->quiet;

  self->values[index] = (float) value;
  self->quiet = TRUE;
  gtk_range_set_value (g_ptr_array_index (self->bars, index), value);
  self->quiet = quiet;
}

static void
changed (RaqamLatentBars *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
range_changed_cb (GtkRange *range, RaqamLatentBars *self)
{
  guint index;

  if (self->quiet || !g_ptr_array_find (self->bars, range, &index))
    return;
  self->values[index] = (float) gtk_range_get_value (range);
  changed (self);
}

static void
set_length (RaqamLatentBars *self, int n)
{
  while (count (self) > n)
    gtk_widget_unparent (g_ptr_array_steal_index (self->bars, self->bars->len - 1));
  while (count (self) < n)
    {
      GtkWidget *bar = raqam_latent_bar_new (count (self) + 1, LIMIT);

      g_signal_connect (bar, "value-changed", G_CALLBACK (range_changed_cb), self);
      g_signal_connect_swapped (bar, "state-flags-changed", G_CALLBACK (gtk_widget_queue_draw),
                                self);
      gtk_widget_set_parent (bar, GTK_WIDGET (self));
      g_ptr_array_add (self->bars, bar);
    }
  self->row = self->hovered = -1;
  set_current (self, CLAMP (self->current, 0, MAX (n - 1, 0)));
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
raqam_latent_bars_set_values (RaqamLatentBars *self, const float *values, int n)
{
  g_return_if_fail (RAQAM_IS_LATENT_BARS (self));
  g_return_if_fail (n >= 0 && n <= RAQAM_MAX_LATENT);

  if (n != count (self))
    set_length (self, n);
  for (int i = 0; i < n; i++)
    if (self->values[i] != values[i])
      set_value (self, i, values[i]);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const float *
raqam_latent_bars_get_values (RaqamLatentBars *self)
{
  g_return_val_if_fail (RAQAM_IS_LATENT_BARS (self), NULL);

  return self->values;
}

int
raqam_latent_bars_get_current (RaqamLatentBars *self)
{
  g_return_val_if_fail (RAQAM_IS_LATENT_BARS (self), 0);

  return self->current;
}

void
raqam_latent_bars_change (RaqamLatentBars *self, int index, double value)
{
  g_return_if_fail (RAQAM_IS_LATENT_BARS (self));
  g_return_if_fail (index >= 0 && index < count (self));

  if (self->values[index] == (float) value)
    return;
  set_value (self, index, value);
  changed (self);
}

/* Every bar from where the pointer was to where it is, so that quick strokes leave no gaps. */
static void
draw_to (RaqamLatentBars *self, double x, double y)
{
  RaqamLatentLayout layout = lay_out (self);
  int from = raqam_latent_layout_bar (&layout, self->row, self->last_x);
  int to = raqam_latent_layout_bar (&layout, self->row, x);
  int step = to < from ? -1 : 1;

  for (int i = from; i != to; i += step)
    {
      graphene_rect_t place = raqam_latent_layout_place (&layout, i);
      double middle = place.origin.x + place.size.width / 2;
      double share = CLAMP ((middle - self->last_x) / (x - self->last_x), 0.0, 1.0);
      double height = self->last_y + share * (y - self->last_y);

      if (i != from)
        set_value (self, i, raqam_latent_layout_value (&layout, self->row, height, SHOWN));
    }
  set_value (self, to, raqam_latent_layout_value (&layout, self->row, y, SHOWN));
  self->last_x = x;
  self->last_y = y;
  self->hovered = to;
  set_current (self, to);
  changed (self);
}

static void
pressed_cb (GtkGestureClick *click, int n_press, double x, double y, RaqamLatentBars *self)
{
  RaqamLatentLayout layout = lay_out (self);
  int row = raqam_latent_layout_row (&layout, y);
  int index;

  if (row < 0)
    return;
  gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
  index = raqam_latent_layout_bar (&layout, row, x);
  gtk_widget_grab_focus (g_ptr_array_index (self->bars, index));
  if (n_press % 2 == 0)
    {
      self->row = -1;
      raqam_latent_bars_change (self, index, 0);
      return;
    }
  self->row = row;
  self->last_x = x;
  self->last_y = y;
  draw_to (self, x, y);
}

static void
drag_begin_cb (GtkGestureDrag *drag, double x, double y, RaqamLatentBars *self)
{
  self->start_x = x;
  self->start_y = y;
}

static void
drag_update_cb (GtkGestureDrag *drag, double dx, double dy, RaqamLatentBars *self)
{
  if (self->row >= 0 && (dx != 0 || dy != 0))
    draw_to (self, self->start_x + dx, self->start_y + dy);
}

static void
drag_end_cb (GtkGestureDrag *drag, double dx, double dy, RaqamLatentBars *self)
{
  self->row = -1;
}

static void
motion_cb (GtkEventControllerMotion *motion, double x, double y, RaqamLatentBars *self)
{
  RaqamLatentLayout layout = lay_out (self);
  int row = raqam_latent_layout_row (&layout, y);
  int hovered = row >= 0 ? raqam_latent_layout_bar (&layout, row, x) : -1;

  if (self->hovered == hovered || self->row >= 0)
    return;
  self->hovered = hovered;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
leave_cb (GtkEventControllerMotion *motion, RaqamLatentBars *self)
{
  self->hovered = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Returns: by how much @key changes a number, or 0 */
static double
key_step (guint key)
{
  switch (key)
    {
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return STEP;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return -STEP;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      return PAGE;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      return -PAGE;
    default:
      return 0;
    }
}

/* Returns: the bar that @key leads to, or -1 */
static int
key_target (RaqamLatentBars *self, guint key)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int last = count (self) - 1;

  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return CLAMP (self->current + (mirrored ? 1 : -1), 0, last);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return CLAMP (self->current + (mirrored ? -1 : 1), 0, last);
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      return 0;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      return last;
    default:
      return -1;
    }
}

static gboolean
key_pressed_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                RaqamLatentBars *self)
{
  int target = key_target (self, key);
  double step = key_step (key);

  if (count (self) == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (target >= 0 || step != 0)
    gtk_window_set_focus_visible (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), TRUE);
  if (target >= 0)
    gtk_widget_grab_focus (g_ptr_array_index (self->bars, target));
  else if (step != 0)
    {
      /* Tenths stay tenths, whatever binary fractions add up to. */
      double value = round ((self->values[self->current] + step) * 1e4) / 1e4;

      raqam_latent_bars_change (self, self->current, CLAMP (value, -LIMIT, LIMIT));
    }
  else if (key == GDK_KEY_Delete || key == GDK_KEY_KP_Delete || key == GDK_KEY_BackSpace)
    raqam_latent_bars_change (self, self->current, 0);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

/* What has the focus is the current one, whoever gave it. */
static void
raqam_latent_bars_set_focus_child (GtkWidget *widget, GtkWidget *child)
{
  RaqamLatentBars *self = RAQAM_LATENT_BARS (widget);
  guint index;

  GTK_WIDGET_CLASS (raqam_latent_bars_parent_class)->set_focus_child (widget, child);
  if (child != NULL && g_ptr_array_find (self->bars, child, &index))
    set_current (self, (int) index);
  gtk_widget_queue_draw (widget);
}

static gboolean
raqam_latent_bars_grab_focus (GtkWidget *widget)
{
  RaqamLatentBars *self = RAQAM_LATENT_BARS (widget);

  return count (self) > 0
         && gtk_widget_grab_focus (g_ptr_array_index (self->bars, self->current));
}

/* To the keyboard the bars are one stop, which the next press of Tab leaves. */
static gboolean
raqam_latent_bars_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_get_focus_child (widget) == NULL && raqam_latent_bars_grab_focus (widget);
}

static void
raqam_latent_bars_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamLatentBars *self = RAQAM_LATENT_BARS (widget);

  if (count (self) == 0)
    return;
  raqam_latent_plot_draw (
    &(RaqamLatentPlot) {
      .widget = widget,
      .layout = lay_out (self),
      .values = self->values,
      .current = self->current,
      .hovered = self->hovered,
      .focus = gtk_widget_has_visible_focus (g_ptr_array_index (self->bars, self->current)),
    },
    snapshot);
}

static void
raqam_latent_bars_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline)
{
  RaqamLatentBars *self = RAQAM_LATENT_BARS (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH;
      *natural = NATURAL_WIDTH;
      return;
    }
  *minimum = raqam_latent_layout_height (count (self), for_size >= 0 ? for_size : NATURAL_WIDTH);
  *natural = *minimum;
}

static void
raqam_latent_bars_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RaqamLatentBars *self = RAQAM_LATENT_BARS (widget);
  RaqamLatentLayout layout = lay_out (self);

  for (int i = 0; i < count (self); i++)
    {
      graphene_rect_t place = raqam_latent_layout_place (&layout, i);

      gtk_widget_size_allocate (g_ptr_array_index (self->bars, i),
                                &(GtkAllocation) { (int) place.origin.x, (int) place.origin.y,
                                                   MAX ((int) place.size.width, 1),
                                                   MAX ((int) place.size.height, 1) },
                                -1);
    }
}

static GtkSizeRequestMode
raqam_latent_bars_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
raqam_latent_bars_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CURRENT)
    g_value_set_int (value, RAQAM_LATENT_BARS (object)->current);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_latent_bars_dispose (GObject *object)
{
  RaqamLatentBars *self = RAQAM_LATENT_BARS (object);

  while (self->bars->len > 0)
    gtk_widget_unparent (g_ptr_array_steal_index (self->bars, self->bars->len - 1));

  G_OBJECT_CLASS (raqam_latent_bars_parent_class)->dispose (object);
}

static void
raqam_latent_bars_finalize (GObject *object)
{
  g_ptr_array_unref (RAQAM_LATENT_BARS (object)->bars);

  G_OBJECT_CLASS (raqam_latent_bars_parent_class)->finalize (object);
}

static void
raqam_latent_bars_class_init (RaqamLatentBarsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_latent_bars_dispose;
  object_class->finalize = raqam_latent_bars_finalize;
  object_class->get_property = raqam_latent_bars_get_property;
  widget_class->focus = raqam_latent_bars_focus;
  widget_class->get_request_mode = raqam_latent_bars_get_request_mode;
  widget_class->grab_focus = raqam_latent_bars_grab_focus;
  widget_class->measure = raqam_latent_bars_measure;
  widget_class->set_focus_child = raqam_latent_bars_set_focus_child;
  widget_class->size_allocate = raqam_latent_bars_size_allocate;
  widget_class->snapshot = raqam_latent_bars_snapshot;

  props[PROP_CURRENT] = g_param_spec_int ("current", NULL, NULL, 0, RAQAM_MAX_LATENT - 1, 0,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "latentbars");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
raqam_latent_bars_init (RaqamLatentBars *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->bars = g_ptr_array_new ();
  self->hovered = self->row = -1;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Latent vector"), -1);

  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_gesture_group (click, drag);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
