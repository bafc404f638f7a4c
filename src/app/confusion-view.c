/* confusion-view.c — a confusion matrix: the digit asked for down, the digit read across.
 * SPDX-License-Identifier: MIT */

#include "app/confusion-view.h"

#include "app/confusion-cell.h"
#include "print/format.h"

#include <glib/gi18n.h>

#define N RAQAM_N_DIGITS
#define HEADER 28
#define GAP 2
#define MAX_CELL 60

struct _RaqamConfusionView
{
  GtkWidget parent_instance;

  GtkWidget *cells[N][N]; /* truth, predicted */
  int        truth;       /* the cell that Tab goes to */
  int        predicted;
};

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamConfusionView, raqam_confusion_view, GTK_TYPE_WIDGET)

static gboolean
is_mirrored (RaqamConfusionView *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static void
set_current (RaqamConfusionView *self, int truth, int predicted)
{
  gtk_widget_set_focusable (self->cells[self->truth][self->predicted], FALSE);
  self->truth = truth;
  self->predicted = predicted;
  gtk_widget_set_focusable (self->cells[truth][predicted], TRUE);
}

static void
mark (RaqamConfusionView *self, gboolean picked)
{
  for (int t = 0; t < N; t++)
    for (int p = 0; p < N; p++)
      raqam_confusion_cell_set_picked (RAQAM_CONFUSION_CELL (self->cells[t][p]),
                                       picked && t == self->truth && p == self->predicted);
}

void
raqam_confusion_view_pick (RaqamConfusionView *self, int truth, int predicted)
{
  g_return_if_fail (RAQAM_IS_CONFUSION_VIEW (self));
  g_return_if_fail (truth >= 0 && truth < N && predicted >= 0 && predicted < N);

  set_current (self, truth, predicted);
  mark (self, TRUE);
  g_signal_emit (self, signals[PICKED], 0, truth, predicted);
}

void
raqam_confusion_view_set (RaqamConfusionView *self, const RaqamConfusion *confusion)
{
  g_return_if_fail (RAQAM_IS_CONFUSION_VIEW (self));
  g_return_if_fail (confusion == NULL || confusion->n_classes == N);

  for (int t = 0; t < N; t++)
    {
      guint64 of = 0;

      for (int p = 0; p < N && confusion != NULL; p++)
        of += confusion->count[t * N + p];
      for (int p = 0; p < N; p++)
        raqam_confusion_cell_set_count (RAQAM_CONFUSION_CELL (self->cells[t][p]),
                                        confusion != NULL ? confusion->count[t * N + p] : 0, of);
    }
  mark (self, FALSE);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                RaqamConfusionView *self)
{
  int forward = is_mirrored (self) ? -1 : 1;
  int truth = self->truth, predicted = self->predicted;

  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    predicted -= forward;
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    predicted += forward;
  else if (key == GDK_KEY_Up || key == GDK_KEY_KP_Up)
    truth--;
  else if (key == GDK_KEY_Down || key == GDK_KEY_KP_Down)
    truth++;
  else if (key == GDK_KEY_Home || key == GDK_KEY_KP_Home)
    predicted = 0;
  else if (key == GDK_KEY_End || key == GDK_KEY_KP_End)
    predicted = N - 1;
  else if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter
           || key == GDK_KEY_space || key == GDK_KEY_KP_Space)
    {
      raqam_confusion_view_pick (self, truth, predicted);
      return GDK_EVENT_STOP;
    }
  else
    return GDK_EVENT_PROPAGATE;

  set_current (self, CLAMP (truth, 0, N - 1), CLAMP (predicted, 0, N - 1));
  gtk_widget_grab_focus (self->cells[self->truth][self->predicted]);
  return GDK_EVENT_STOP;
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, RaqamConfusionView *self)
{
  GtkWidget *found = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  for (int t = 0; t < N; t++)
    for (int p = 0; p < N; p++)
      if (self->cells[t][p] == found)
        {
          raqam_confusion_view_pick (self, t, p);
          gtk_widget_grab_focus (found);
          return;
        }
}

/* The side of a cell with its gap, and where the matrix begins, its header included. */
static int
lay_out (RaqamConfusionView *self, int width, int height, int *left)
{
  int cell = MIN (MIN ((width - HEADER) / N, (height - HEADER) / N), MAX_CELL + GAP);

  *left = (width - HEADER - N * cell) / 2;
  return cell;
}

/* @place counts from the header on: left edge of something @size wide. */
static double
across (RaqamConfusionView *self, int left, double place, double size)
{
  double x = left + place;

  return is_mirrored (self) ? gtk_widget_get_width (GTK_WIDGET (self)) - x - size : x;
}

static void
raqam_confusion_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RaqamConfusionView *self = RAQAM_CONFUSION_VIEW (widget);
  int left, cell = lay_out (self, width, height, &left);

  for (int t = 0; t < N; t++)
    for (int p = 0; p < N; p++)
      {
        int side = MAX (cell - GAP, 1);
        int x = (int) across (self, left, HEADER + p * cell, side);

        gtk_widget_size_allocate (self->cells[t][p],
                                  &(GtkAllocation){ x, HEADER + t * cell, side, side }, -1);
      }
}

static void
snapshot_digit (RaqamConfusionView *self, GtkSnapshot *snapshot, int digit, double x, double y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr (PangoLayout) layout =
    gtk_widget_create_pango_layout (widget, raqam_format_persian_digit (digit));
  PangoAttrList *attrs = pango_attr_list_new ();
  int width, height;
  GdkRGBA colour;

  pango_attr_list_insert (attrs, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attrs);
  pango_attr_list_unref (attrs);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x - width / 2.0, y - height / 2.0));
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

static void
raqam_confusion_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamConfusionView *self = RAQAM_CONFUSION_VIEW (widget);
  int left, cell;

  cell = lay_out (self, gtk_widget_get_width (widget), gtk_widget_get_height (widget), &left);
  for (int d = 0; d < N; d++)
    {
      double middle = HEADER + (d + 0.5) * cell - GAP / 2.0;

      snapshot_digit (self, snapshot, d, across (self, left, middle, 0), HEADER / 2.0);
      snapshot_digit (self, snapshot, d, across (self, left, HEADER / 2.0, 0), middle);
    }
  GTK_WIDGET_CLASS (raqam_confusion_view_parent_class)->snapshot (widget, snapshot);
}

static void
raqam_confusion_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                              int *minimum, int *natural, int *minimum_baseline,
                              int *natural_baseline)
{
  RaqamConfusionView *self = RAQAM_CONFUSION_VIEW (widget);
  int least, most;

  gtk_widget_measure (self->cells[0][0], GTK_ORIENTATION_HORIZONTAL, -1, &least, &most, NULL, NULL);
  *minimum = HEADER + N * (least + GAP);
  *natural = HEADER + N * (most + GAP);
  if (orientation == GTK_ORIENTATION_VERTICAL && for_size > 0)
    *natural = CLAMP (for_size, *minimum, HEADER + N * (MAX_CELL + GAP));
}

static GtkSizeRequestMode
raqam_confusion_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
raqam_confusion_view_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (raqam_confusion_view_parent_class)->dispose (object);
}

static void
raqam_confusion_view_class_init (RaqamConfusionViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_confusion_view_dispose;
  widget_class->get_request_mode = raqam_confusion_view_get_request_mode;
  widget_class->measure = raqam_confusion_view_measure;
  widget_class->size_allocate = raqam_confusion_view_size_allocate;
  widget_class->snapshot = raqam_confusion_view_snapshot;

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);

  gtk_widget_class_set_css_name (widget_class, "confusionview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
add_controllers (RaqamConfusionView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static void
raqam_confusion_view_init (RaqamConfusionView *self)
{
  for (int t = 0; t < N; t++)
    for (int p = 0; p < N; p++)
      {
        self->cells[t][p] = raqam_confusion_cell_new (t, p);
        gtk_widget_set_parent (self->cells[t][p], GTK_WIDGET (self));
      }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Confusion matrix"), -1);
  set_current (self, 0, 0);
  add_controllers (self);
}
