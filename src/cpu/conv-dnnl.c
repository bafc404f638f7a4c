/* conv-dnnl.c — a convolution of fixed shape on oneDNN 2.x or 3.x.
 * SPDX-License-Identifier: MIT */

#include "cpu/conv-plan-private.h"

#include "cpu/dnnl.h"

#include <glib/gi18n-lib.h>
#include <oneapi/dnnl/dnnl.h>

/* 3.x made memory descriptors opaque and dropped operation descriptors. A
 * pointer to a descriptor reads the same in both. */
#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t       Layout;
typedef const_dnnl_memory_desc_t LayoutView;
#else
typedef dnnl_memory_desc_t       *Layout;
typedef const dnnl_memory_desc_t *LayoutView;
#endif

/* The three tensors of a convolution. */
enum
{
  RESULT,
  FIRST,
  SECOND,
  N_TENSORS
};

typedef struct
{
  int          argument[N_TENSORS];
  dnnl_query_t query[N_TENSORS];
  int          weights; /* which of the three */
} Roles;

static const Roles roles[] = {
  [RAQAM_CONV_FORWARD] = {
    { DNNL_ARG_DST, DNNL_ARG_SRC, DNNL_ARG_WEIGHTS },
    { dnnl_query_dst_md, dnnl_query_src_md, dnnl_query_weights_md },
    SECOND,
  },
  [RAQAM_CONV_BACKWARD_DATA] = {
    { DNNL_ARG_DIFF_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS },
    { dnnl_query_diff_src_md, dnnl_query_diff_dst_md, dnnl_query_weights_md },
    SECOND,
  },
  [RAQAM_CONV_BACKWARD_WEIGHTS] = {
    { DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_SRC, DNNL_ARG_DIFF_DST },
    { dnnl_query_diff_weights_md, dnnl_query_src_md, dnnl_query_diff_dst_md },
    RESULT,
  },
};

/* A dnnl_memory that remembers its address: setting one is not free in 2.x. */
typedef struct
{
  dnnl_memory_t memory;
  gpointer      address;
} Slot;

typedef struct
{
  dnnl_primitive_t      primitive;
  dnnl_primitive_desc_t desc;
  gboolean              scratchpad;
} Step;

/* One worker's memories. */
typedef struct
{
  Slot tensors[N_TENSORS];
  Slot scratchpad;
  Slot plain;              /* of the reorder, as are the next two */
  Slot packed;
  Slot reorder_scratchpad;
} Seat;

typedef struct
{
  RaqamConvPlan parent;
  Step          conv;
  Step          reorder; /* pack, or unpack for BACKWARD_WEIGHTS */
  int           n_seats;
  Seat         *seats;
} DnnlPlan;

static int
layout_new (Layout *layout, int n_dims, const dnnl_dims_t dims, dnnl_data_type_t type,
            dnnl_format_tag_t tag)
{
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_create_with_tag (layout, n_dims, dims, type, tag);
#else
  *layout = g_new0 (dnnl_memory_desc_t, 1);
  return dnnl_memory_desc_init_by_tag (*layout, n_dims, dims, type, tag);
#endif
}

static void
layout_free (Layout layout)
{
#if DNNL_VERSION_MAJOR >= 3
  if (layout != NULL)
    dnnl_memory_desc_destroy (layout);
#else
  g_free (layout);
#endif
}

typedef struct
{
  Layout in, weights, out;
} Layouts;

/* What is multiplied has @type, what comes out of @pass is float. */
static int
layouts_init (Layouts *self, RaqamConvPass pass, const RaqamConvShape *shape,
              dnnl_data_type_t type)
{
  dnnl_dims_t in = { shape->n, shape->in_c, shape->in_h, shape->in_w };
  dnnl_dims_t weights = { shape->out_c, shape->in_c, shape->kernel, shape->kernel };
  dnnl_dims_t out = { shape->n, shape->out_c, shape->out_h, shape->out_w };
  int status;

  status = layout_new (&self->in, 4, in, pass == RAQAM_CONV_BACKWARD_DATA ? dnnl_f32 : type,
                       dnnl_nhwc);
  if (status == dnnl_success)
    status = layout_new (&self->weights, 4, weights,
                         pass == RAQAM_CONV_BACKWARD_WEIGHTS ? dnnl_f32 : type,
                         dnnl_format_tag_any);
  if (status == dnnl_success)
    status = layout_new (&self->out, 4, out, pass == RAQAM_CONV_FORWARD ? dnnl_f32 : type,
                         dnnl_nhwc);
  return status;
}

static void
layouts_clear (Layouts *self)
{
  layout_free (self->in);
  layout_free (self->weights);
  layout_free (self->out);
}

typedef struct
{
  dnnl_dims_t strides, dilates, before, after;
} Geometry;

static Geometry
geometry (const RaqamConvShape *shape)
{
  int after_h = (shape->out_h - 1) * shape->stride + shape->kernel - shape->in_h - shape->pad;
  int after_w = (shape->out_w - 1) * shape->stride + shape->kernel - shape->in_w - shape->pad;

  return (Geometry) {
    .strides = { shape->stride, shape->stride },
    .before = { shape->pad, shape->pad },
    .after = { MAX (0, after_h), MAX (0, after_w) },
  };
}

#if DNNL_VERSION_MAJOR >= 3

static int
conv_desc_create (dnnl_primitive_desc_t *desc, dnnl_engine_t engine, RaqamConvPass pass,
                  const Layouts *of, const Geometry *how, const_dnnl_primitive_desc_t hint,
                  const_dnnl_primitive_attr_t attr)
{
  switch (pass)
    {
    case RAQAM_CONV_FORWARD:
      return dnnl_convolution_forward_primitive_desc_create (
          desc, engine, dnnl_forward_training, dnnl_convolution_direct, of->in, of->weights, NULL,
          of->out, how->strides, how->dilates, how->before, how->after, attr);
    case RAQAM_CONV_BACKWARD_DATA:
      return dnnl_convolution_backward_data_primitive_desc_create (
          desc, engine, dnnl_convolution_direct, of->in, of->weights, of->out, how->strides,
          how->dilates, how->before, how->after, hint, attr);
    default:
      return dnnl_convolution_backward_weights_primitive_desc_create (
          desc, engine, dnnl_convolution_direct, of->in, of->weights, NULL, of->out, how->strides,
          how->dilates, how->before, how->after, hint, attr);
    }
}

#else

static int
conv_desc_create (dnnl_primitive_desc_t *desc, dnnl_engine_t engine, RaqamConvPass pass,
                  const Layouts *of, const Geometry *how, const_dnnl_primitive_desc_t hint,
                  const_dnnl_primitive_attr_t attr)
{
  dnnl_convolution_desc_t operation;
  int status;

  switch (pass)
    {
    case RAQAM_CONV_FORWARD:
      status = dnnl_convolution_forward_desc_init (
          &operation, dnnl_forward_training, dnnl_convolution_direct, of->in, of->weights, NULL,
          of->out, how->strides, how->before, how->after);
      break;
    case RAQAM_CONV_BACKWARD_DATA:
      status = dnnl_convolution_backward_data_desc_init (
          &operation, dnnl_convolution_direct, of->in, of->weights, of->out, how->strides,
          how->before, how->after);
      break;
    default:
      status = dnnl_convolution_backward_weights_desc_init (
          &operation, dnnl_convolution_direct, of->in, of->weights, NULL, of->out, how->strides,
          how->before, how->after);
    }

  if (status != dnnl_success)
    return status;
  return dnnl_primitive_desc_create (desc, &operation, attr, engine, hint);
}

#endif

static int
conv_desc_new (dnnl_primitive_desc_t *desc, RaqamDevice *device, RaqamConvPass pass,
               const RaqamConvShape *shape, const_dnnl_primitive_attr_t attr)
{
  gboolean bf16 = device->precision == RAQAM_PRECISION_BF16;
  Geometry how = geometry (shape);
  Layouts layouts = { NULL };
  dnnl_primitive_desc_t hint = NULL;
  int status = dnnl_success;

  /* oneDNN asks for the forward descriptor beside a backward one. */
  if (pass != RAQAM_CONV_FORWARD)
    status = conv_desc_new (&hint, device, RAQAM_CONV_FORWARD, shape, attr);
  if (status == dnnl_success)
    status = layouts_init (&layouts, pass, shape, bf16 ? dnnl_bf16 : dnnl_f32);
  if (status == dnnl_success)
    status = conv_desc_create (desc, device->engine, pass, &layouts, &how, hint, attr);

  layouts_clear (&layouts);
  if (hint != NULL)
    dnnl_primitive_desc_destroy (hint);
  return status;
}

static gboolean
is_reference_code (dnnl_primitive_desc_t desc)
{
  const char *name = NULL;

  dnnl_primitive_desc_query (desc, dnnl_query_impl_info_str, 0, &name);
  return name != NULL && g_str_has_prefix (name, "ref");
}

static LayoutView
tensor_layout (const DnnlPlan *self, int tensor)
{
  return dnnl_primitive_desc_query_md (self->conv.desc, roles[self->parent.pass].query[tensor], 0);
}

static LayoutView
weights_layout (const DnnlPlan *self)
{
  return tensor_layout (self, roles[self->parent.pass].weights);
}

/* The primitive of a step whose descriptor is there. */
static int
step_init (Step *self, RaqamDevice *device, gsize *scratchpad_size)
{
  LayoutView scratchpad = dnnl_primitive_desc_query_md (self->desc, dnnl_query_scratchpad_md, 0);
  gsize size = scratchpad != NULL ? dnnl_memory_desc_get_size (scratchpad) : 0;

  self->scratchpad = size > 0;
  *scratchpad_size = MAX (*scratchpad_size, size);
  return dnnl_primitive_create (&self->primitive, self->desc);
}

static void
step_clear (Step *self)
{
  if (self->primitive != NULL)
    dnnl_primitive_destroy (self->primitive);
  if (self->desc != NULL)
    dnnl_primitive_desc_destroy (self->desc);
}

static int
slot_init (Slot *self, RaqamDevice *device, LayoutView layout)
{
  return dnnl_memory_create (&self->memory, layout, device->engine, DNNL_MEMORY_NONE);
}

static int
slot_set (Slot *self, gconstpointer address)
{
  if (self->address == address)
    return dnnl_success;

  self->address = (gpointer) address;
  return dnnl_memory_set_data_handle (self->memory, self->address);
}

static void
slot_clear (Slot *self)
{
  if (self->memory != NULL)
    dnnl_memory_destroy (self->memory);
}

static int
seat_init (Seat *self, DnnlPlan *plan, LayoutView plain)
{
  int status = dnnl_success;

  for (int i = 0; i < N_TENSORS && status == dnnl_success; i++)
    status = slot_init (&self->tensors[i], plan->parent.device, tensor_layout (plan, i));
  if (status == dnnl_success)
    status = slot_init (&self->packed, plan->parent.device, weights_layout (plan));
  if (status == dnnl_success)
    status = slot_init (&self->plain, plan->parent.device, plain);
  if (status == dnnl_success && plan->conv.scratchpad)
    status = slot_init (&self->scratchpad, plan->parent.device,
                        dnnl_primitive_desc_query_md (plan->conv.desc, dnnl_query_scratchpad_md,
                                                      0));
  if (status == dnnl_success && plan->reorder.scratchpad)
    status = slot_init (&self->reorder_scratchpad, plan->parent.device,
                        dnnl_primitive_desc_query_md (plan->reorder.desc,
                                                      dnnl_query_scratchpad_md, 0));
  return status;
}

static void
seat_clear (Seat *self)
{
  for (int i = 0; i < N_TENSORS; i++)
    slot_clear (&self->tensors[i]);
  slot_clear (&self->packed);
  slot_clear (&self->plain);
  slot_clear (&self->scratchpad);
  slot_clear (&self->reorder_scratchpad);
}

/* Everything after the convolution's descriptor. */
static int
plan_finish (DnnlPlan *self, LayoutView plain, const_dnnl_primitive_attr_t attr,
             gsize *scratchpad_size)
{
  gboolean unpacks = self->parent.pass == RAQAM_CONV_BACKWARD_WEIGHTS;
  dnnl_engine_t engine = self->parent.device->engine;
  int status;

  status = dnnl_reorder_primitive_desc_create (&self->reorder.desc,
                                               unpacks ? weights_layout (self) : plain, engine,
                                               unpacks ? plain : weights_layout (self), engine,
                                               attr);
  if (status == dnnl_success)
    status = step_init (&self->conv, self->parent.device, scratchpad_size);
  if (status == dnnl_success)
    status = step_init (&self->reorder, self->parent.device, scratchpad_size);

  for (int i = 0; i < self->n_seats && status == dnnl_success; i++)
    status = seat_init (&self->seats[i], self, plain);

  return status;
}

static gboolean
plan_init (DnnlPlan *self, const RaqamConvShape *shape, GError **error)
{
  dnnl_dims_t dims = { shape->out_c, shape->in_c, shape->kernel, shape->kernel };
  g_autofree char *what = g_strdup_printf (
      _("convolution %d×%d, stride %d, of %d images %d×%d×%d to %d×%d×%d"), shape->kernel,
      shape->kernel, shape->stride, shape->n, shape->in_h, shape->in_w, shape->in_c, shape->out_h,
      shape->out_w, shape->out_c);
  gsize scratchpad_size = 0;
  dnnl_primitive_attr_t attr = NULL;
  Layout plain = NULL;
  int status;

  status = dnnl_primitive_attr_create (&attr);
  if (status == dnnl_success)
    status = dnnl_primitive_attr_set_scratchpad_mode (attr, dnnl_scratchpad_mode_user);
  if (status == dnnl_success)
    status = layout_new (&plain, 4, dims, dnnl_f32, dnnl_oihw);
  if (status == dnnl_success)
    status = conv_desc_new (&self->conv.desc, self->parent.device, self->parent.pass, shape, attr);
  if (status == dnnl_success && is_reference_code (self->conv.desc))
    status = dnnl_unimplemented;
  if (status == dnnl_success)
    status = plan_finish (self, plain, attr, &scratchpad_size);

  if (attr != NULL)
    dnnl_primitive_attr_destroy (attr);
  layout_free (plain);
  return raqam_dnnl_check (status, what, error)
         && raqam_dnnl_reserve_scratchpads (self->parent.device, scratchpad_size, error);
}

static void
dnnl_plan_free (RaqamConvPlan *plan)
{
  DnnlPlan *self = (DnnlPlan *) plan;

  for (int i = 0; i < self->n_seats; i++)
    seat_clear (&self->seats[i]);
  step_clear (&self->conv);
  step_clear (&self->reorder);
  g_free (self->seats);
  g_free (self);
}

static gsize
dnnl_plan_weights_size (const RaqamConvPlan *plan)
{
  return dnnl_memory_desc_get_size (weights_layout ((const DnnlPlan *) plan));
}

static gboolean
dnnl_plan_same_weights (const RaqamConvPlan *plan, const RaqamConvPlan *other)
{
  return dnnl_memory_desc_equal (weights_layout ((const DnnlPlan *) plan),
                                 weights_layout ((const DnnlPlan *) other));
}

static int
dnnl_plan_bind_weights (RaqamConvPlan *plan, gpointer weights)
{
  DnnlPlan *self = (DnnlPlan *) plan;
  int status = dnnl_success;

  for (int i = 0; i < self->n_seats && status == dnnl_success; i++)
    status = slot_set (&self->seats[i].tensors[SECOND], weights);

  return status;
}

static int
step_run (const Step *self, RaqamDevice *device, int worker, dnnl_exec_arg_t *arguments, int n,
          Slot *scratchpad)
{
  int status = dnnl_success;

  if (self->scratchpad)
    {
      status = slot_set (scratchpad, device->scratchpads[worker]);
      arguments[n++] = (dnnl_exec_arg_t) { DNNL_ARG_SCRATCHPAD, scratchpad->memory };
    }
  if (status == dnnl_success)
    status = dnnl_primitive_execute (self->primitive, device->streams[worker], n, arguments);
  if (status == dnnl_success)
    status = dnnl_stream_wait (device->streams[worker]);

  return status;
}

static int
reorder_run (DnnlPlan *self, int worker, Slot *to, Slot *from)
{
  dnnl_exec_arg_t arguments[3] = {
    { DNNL_ARG_FROM, from->memory },
    { DNNL_ARG_TO, to->memory },
  };

  return step_run (&self->reorder, self->parent.device, worker, arguments, 2,
                   &self->seats[worker].reorder_scratchpad);
}

static int
dnnl_plan_pack (RaqamConvPlan *plan, int worker, gpointer to, const float *from)
{
  DnnlPlan *self = (DnnlPlan *) plan;
  Seat *seat = &self->seats[worker];
  int status = slot_set (&seat->packed, to);

  if (status == dnnl_success)
    status = slot_set (&seat->plain, from);
  if (status == dnnl_success)
    status = reorder_run (self, worker, &seat->packed, &seat->plain);

  return status;
}

static int
dnnl_plan_unpack (RaqamConvPlan *plan, int worker, float *to, gconstpointer from)
{
  DnnlPlan *self = (DnnlPlan *) plan;
  Seat *seat = &self->seats[worker];
  int status = slot_set (&seat->packed, from);

  if (status == dnnl_success)
    status = slot_set (&seat->plain, to);
  if (status == dnnl_success)
    status = reorder_run (self, worker, &seat->plain, &seat->packed);

  return status;
}

static int
conv_run (DnnlPlan *self, int worker, gpointer result, gconstpointer first,
          gconstpointer second)
{
  Seat *seat = &self->seats[worker];
  gconstpointer addresses[N_TENSORS] = { result, first, second };
  dnnl_exec_arg_t arguments[N_TENSORS + 1];
  int status = dnnl_success;

  for (int i = 0; i < N_TENSORS && status == dnnl_success; i++)
    {
      status = slot_set (&seat->tensors[i], addresses[i]);
      arguments[i] = (dnnl_exec_arg_t) { roles[self->parent.pass].argument[i], seat->tensors[i].memory };
    }
  if (status == dnnl_success)
    status = step_run (&self->conv, self->parent.device, worker, arguments, N_TENSORS, &seat->scratchpad);

  return status;
}

static int
dnnl_plan_run (RaqamConvPlan *plan, int worker, float *result, gconstpointer from)
{
  DnnlPlan *self = (DnnlPlan *) plan;

  return conv_run (self, worker, result, from, self->seats[worker].tensors[SECOND].address);
}

static int
dnnl_plan_run_weights (RaqamConvPlan *plan, int worker, gpointer result, gconstpointer in,
                       gconstpointer out)
{
  return conv_run ((DnnlPlan *) plan, worker, result, in, out);
}

static const RaqamConvPlanClass dnnl_plan_class = {
  .free = dnnl_plan_free,
  .weights_size = dnnl_plan_weights_size,
  .same_weights = dnnl_plan_same_weights,
  .bind_weights = dnnl_plan_bind_weights,
  .pack = dnnl_plan_pack,
  .unpack = dnnl_plan_unpack,
  .run = dnnl_plan_run,
  .run_weights = dnnl_plan_run_weights,
};

RaqamConvPlan *
raqam_conv_dnnl_new (RaqamDevice *device, RaqamConvPass pass, const RaqamConvShape *shape,
                     GError **error)
{
  DnnlPlan *self = g_new0 (DnnlPlan, 1);

  self->parent = (RaqamConvPlan) { &dnnl_plan_class, device, pass, *shape };
  self->n_seats = raqam_pool_n_workers (device->pool);
  self->seats = g_new0 (Seat, self->n_seats);
  if (plan_init (self, shape, error))
    return &self->parent;

  dnnl_plan_free (&self->parent);
  return NULL;
}
