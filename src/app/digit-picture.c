/* digit-picture.c — one generated digit, large.
 * SPDX-License-Identifier: MIT */

#include "app/digit-picture.h"

#include "app/ink-large.h"
#include "engine/recipe.h"
#include "print/format.h"

#include <glib/gi18n.h>

#define MIN_SIDE 160
#define MIN_HEIGHT 264 /* where there is as much width */
#define NATURAL_SIDE 528
#define MAX_TEXTURE 1600 /* pixels of the screen; larger ones are enlarged by GTK */
#define RADIUS 12
#define CORNER 8 /* from the picture's corner to the button */

struct _RaqamDigitPicture
{
  GtkWidget parent_instance;

  GtkWidget     *button;
  RaqamInkLarge *large;
  GBytes        *pixels;  /* or NULL */
  GdkTexture    *texture; /* of pixels at the present size, or NULL */
  int            side;    /* of the texture; 0 before there is room for one */
  gboolean       crisp;
  gboolean       second;
};

enum
{
  PROP_CRISP = 1,
  PROP_SECOND,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RaqamDigitPicture, raqam_digit_picture, GTK_TYPE_WIDGET)

static void
make_texture (RaqamDigitPicture *self)
{
  g_clear_object (&self->texture);
  if (self->pixels != NULL && self->side > 0)
    self->texture = raqam_ink_large_texture (self->large, g_bytes_get_data (self->pixels, NULL),
                                             self->side, self->crisp);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
say (RaqamDigitPicture *self, const RaqamStyle *style)
{
  int digit = raqam_style_main_digit (style);
  gboolean main_is_other = digit == style->other;
  int share = main_is_other ? RAQAM_MIX_MAX - style->mix : style->mix;
  g_autofree char *label = NULL, *mixed = NULL, *percent = raqam_format_number (share, 0);

  /* Translators: %s is a Persian digit */
  label = g_strdup_printf (self->second ? _("Generated digit %s, second model")
                                        : _("Generated digit %s"),
                           raqam_format_persian_digit (digit));
  if (style->other != style->digit && share > 0)
    /* Translators: what is mixed into a picture: per cent, and a Persian digit */
    mixed = g_strdup_printf (_("With %s %% of %s"), percent,
                             raqam_format_persian_digit (main_is_other ? style->digit
                                                                       : style->other));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, mixed != NULL ? mixed : "",
                                  -1);
}

void
raqam_digit_picture_set_pixels (RaqamDigitPicture *self, GBytes *pixels, const RaqamStyle *style)
{

  g_return_if_fail (RAQAM_IS_DIGIT_PICTURE (self));
  g_return_if_fail (pixels == NULL || g_bytes_get_size (pixels) >= RAQAM_IMAGE_SIZE);

  if (pixels != NULL)
    g_bytes_ref (pixels);
  g_clear_pointer (&self->pixels, g_bytes_unref);
  self->pixels = pixels;
  make_texture (self);

  say (self, style);
}

gboolean
raqam_digit_picture_get_crisp (RaqamDigitPicture *self)
{
  g_return_val_if_fail (RAQAM_IS_DIGIT_PICTURE (self), FALSE);

  return self->crisp;
}

void
raqam_digit_picture_set_crisp (RaqamDigitPicture *self, gboolean crisp)
{
  g_return_if_fail (RAQAM_IS_DIGIT_PICTURE (self));

  if (self->crisp == !!crisp)
    return;
  self->crisp = !!crisp;
  make_texture (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CRISP]);
}

/* The largest square in the middle, on whole pixels. */
static graphene_rect_t
find_field (GtkWidget *widget)
{
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  int side = MIN (width, height);

  return GRAPHENE_RECT_INIT ((width - side) / 2, (height - side) / 2, side, side);
}

static void
fit_texture (RaqamDigitPicture *self)
{
  graphene_rect_t field = find_field (GTK_WIDGET (self));
  int side = (int) field.size.width * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  side = MIN (side, MAX_TEXTURE);
  if (self->side == side)
    return;
  self->side = side;
  make_texture (self);
}

static void
raqam_digit_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamDigitPicture *self = RAQAM_DIGIT_PICTURE (widget);
  const GdkRGBA paper = { 1, 1, 1, 1 };
  graphene_rect_t field = find_field (widget);
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded, &field, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &paper, &field);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &field);
  gtk_snapshot_pop (snapshot);
  gtk_widget_snapshot_child (widget, self->button, snapshot);
}

static void
raqam_digit_picture_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                             int *minimum, int *natural, int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = MIN_SIDE;
  *natural = NATURAL_SIDE;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = for_size < 0 ? MIN_HEIGHT : CLAMP (for_size, MIN_SIDE, MIN_HEIGHT);
      *natural = for_size < 0 ? NATURAL_SIDE : CLAMP (for_size, *minimum, NATURAL_SIDE);
    }
}

static GtkSizeRequestMode
raqam_digit_picture_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
raqam_digit_picture_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RaqamDigitPicture *self = RAQAM_DIGIT_PICTURE (widget);
  graphene_rect_t field = find_field (widget);
  GtkRequisition size;
  int left = (int) field.origin.x + CORNER;

  gtk_widget_get_preferred_size (self->button, &size, NULL);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_LTR)
    left = (int) (field.origin.x + field.size.width) - CORNER - size.width;
  gtk_widget_size_allocate (
    self->button,
    &(GtkAllocation) { left, (int) (field.origin.y + field.size.height) - CORNER - size.height,
                       size.width, size.height },
    -1);
  fit_texture (self);
}

static void
raqam_digit_picture_set_property (GObject *object, guint id, const GValue *value,
                                  GParamSpec *pspec)
{
  if (id == PROP_CRISP)
    raqam_digit_picture_set_crisp (RAQAM_DIGIT_PICTURE (object), g_value_get_boolean (value));
  else if (id == PROP_SECOND)
    RAQAM_DIGIT_PICTURE (object)->second = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_digit_picture_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CRISP)
    g_value_set_boolean (value, RAQAM_DIGIT_PICTURE (object)->crisp);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_digit_picture_dispose (GObject *object)
{
  g_clear_pointer (&RAQAM_DIGIT_PICTURE (object)->button, gtk_widget_unparent);

  G_OBJECT_CLASS (raqam_digit_picture_parent_class)->dispose (object);
}

static void
raqam_digit_picture_finalize (GObject *object)
{
  RaqamDigitPicture *self = RAQAM_DIGIT_PICTURE (object);

  g_clear_object (&self->texture);
  g_clear_pointer (&self->pixels, g_bytes_unref);
  raqam_ink_large_free (self->large);

  G_OBJECT_CLASS (raqam_digit_picture_parent_class)->finalize (object);
}

static void
raqam_digit_picture_class_init (RaqamDigitPictureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_digit_picture_dispose;
  object_class->finalize = raqam_digit_picture_finalize;
  object_class->get_property = raqam_digit_picture_get_property;
  object_class->set_property = raqam_digit_picture_set_property;
  widget_class->get_request_mode = raqam_digit_picture_get_request_mode;
  widget_class->measure = raqam_digit_picture_measure;
  widget_class->size_allocate = raqam_digit_picture_size_allocate;
  widget_class->snapshot = raqam_digit_picture_snapshot;

  props[PROP_CRISP] = g_param_spec_boolean ("crisp", NULL, NULL, FALSE,
                                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                              | G_PARAM_STATIC_STRINGS);
  props[PROP_SECOND] = g_param_spec_boolean ("second", NULL, NULL, FALSE,
                                             G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY
                                               | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "digitpicture");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
raqam_digit_picture_init (RaqamDigitPicture *self)
{
  RaqamStyle none;

  self->large = raqam_ink_large_new ();
  self->button = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->button), "raqam-pixels-symbolic");
  gtk_widget_set_tooltip_text (self->button, _("True Pixels (P)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("True pixels"), -1);
  g_object_bind_property (self, "crisp", self->button, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (fit_texture), NULL);
  raqam_style_init (&none, 0, 0);
  raqam_digit_picture_set_pixels (self, NULL, &none);
}
