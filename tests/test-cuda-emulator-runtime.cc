/* test-cuda-emulator-runtime.cc — streams, graphs, memory and faults of the pretended GPU.
 * SPDX-License-Identifier: MIT */

#include "test-gpu.h"

/* Streams and graphs. */

static __global__ void
add_kernel (int *to, const int *from)
{
  *to += *from;
}

static cudaStream_t
new_stream (void)
{
  cudaStream_t stream;

  assert_status (cudaStreamCreateWithPriority (&stream, cudaStreamNonBlocking, -1), cudaSuccess);
  return stream;
}

/* Work is done when somebody waits for it, and not a moment before. */
static void
test_waiting (void)
{
  cudaStream_t stream = new_stream ();
  cudaEvent_t event;
  int *sum, *one, *pinned;

  reset (0);
  sum = put<int> ({ 5 });
  one = put<int> ({ 1 });
  assert_status (cudaMallocHost (reinterpret_cast<void **> (&pinned), sizeof (int)), cudaSuccess);
  *pinned = 0;

  RAQAM_LAUNCH (add_kernel, 1, 1, 0, stream, sum, one);
  cudaMemcpyAsync (pinned, sum, sizeof (int), cudaMemcpyDeviceToHost, stream);
  cudaEventCreateWithFlags (&event, cudaEventDisableTiming);
  assert_status (cudaEventRecord (event, stream), cudaSuccess);
  g_assert_cmpint (get (sum, 1)[0], ==, 5);
  g_assert_cmpint (*pinned, ==, 0);
  assert_status (cudaEventQuery (event), cudaErrorNotReady);
  assert_status (cudaEventSynchronize (event), cudaSuccess);
  g_assert_cmpint (*pinned, ==, 6);
  assert_status (cudaEventQuery (event), cudaSuccess);

  /* Memory that is not pinned is read at once, and may change before it arrives. */
  int number = 30;

  cudaMemcpyAsync (sum, &number, sizeof number, cudaMemcpyHostToDevice, stream);
  number = 40;
  cudaMemcpyAsync (&number, sum, sizeof number, cudaMemcpyDeviceToHost, stream);
  g_assert_cmpint (number, ==, 30);

  cudaEventDestroy (event);
  cudaFreeHost (pinned);
  cudaFree (sum);
  cudaFree (one);
  assert_status (cudaStreamDestroy (stream), cudaSuccess);
}

static void
test_graph (void)
{
  cudaStream_t stream = new_stream ();
  cudaGraphExec_t exec;
  cudaGraph_t graph;
  int *sum, *one;

  reset (0);
  sum = put<int> ({ 0 });
  one = put<int> ({ 1 });
  assert_status (cudaStreamBeginCapture (stream, cudaStreamCaptureModeThreadLocal), cudaSuccess);
  RAQAM_LAUNCH (add_kernel, 1, 1, 0, stream, sum, one);
  raqam_emulator_enqueue (stream, "twice", [sum] { *sum *= 2; });
  assert_status (cudaStreamEndCapture (stream, &graph), cudaSuccess);
  g_assert_cmpint (get (sum, 1)[0], ==, 0);

  assert_status (cudaGraphInstantiate (&exec, graph, 0), cudaSuccess);
  assert_status (cudaGraphDestroy (graph), cudaSuccess);
  for (int i = 0; i < 3; i++)
    assert_status (cudaGraphLaunch (exec, stream), cudaSuccess);
  assert_status (cudaStreamSynchronize (stream), cudaSuccess);
  g_assert_cmpint (get (sum, 1)[0], ==, 14);

  assert_status (cudaGraphExecDestroy (exec), cudaSuccess);
  cudaFree (sum);
  cudaFree (one);
  cudaStreamDestroy (stream);
}

/* Each of these spoils a capture. */
static cudaError_t
disturb (int kind, cudaStream_t stream, int *memory)
{
  void *other;
  int number = 0;

  switch (kind)
    {
    case 0:
      return cudaMalloc (&other, 1);
    case 1:
      return cudaFree (memory);
    case 2:
      return cudaMemcpy (&number, memory, sizeof number, cudaMemcpyDeviceToHost);
    case 3:
      return cudaMemcpyAsync (&number, memory, sizeof number, cudaMemcpyDeviceToHost, stream);
    case 4:
      return cudaStreamSynchronize (stream);
    default:
      return cudaStreamQuery (stream);
    }
}

static void
test_capture_refusals (void)
{
  cudaStream_t stream = new_stream ();
  int *memory = new_memory<int> (1);

  for (int kind = 0; kind < 6; kind++)
    {
      cudaGraph_t graph;

      reset (0);
      cudaStreamBeginCapture (stream, cudaStreamCaptureModeThreadLocal);
      assert_status (disturb (kind, stream, memory), cudaErrorStreamCaptureUnsupported);
      assert_status (cudaStreamEndCapture (stream, &graph), cudaErrorStreamCaptureInvalidated);
      g_assert_null (graph);

      /* The stream is as before. */
      assert_status (cudaMemsetAsync (memory, 0, sizeof (int), stream), cudaSuccess);
      assert_status (cudaStreamSynchronize (stream), cudaSuccess);
    }

  cudaFree (memory);
  cudaStreamDestroy (stream);
}

/* Another thread's memory does not disturb a capture of this thread. */
static void
test_capture_threads (void)
{
  cudaStream_t stream = new_stream ();
  cudaGraph_t graph;
  auto allocate = [] (gpointer) -> gpointer { return new_memory<int> (1); };

  reset (0);
  cudaStreamBeginCapture (stream, cudaStreamCaptureModeThreadLocal);
  gpointer memory = g_thread_join (g_thread_new ("other", allocate, nullptr));
  assert_status (cudaStreamEndCapture (stream, &graph), cudaSuccess);
  assert_status (cudaGraphDestroy (graph), cudaSuccess);
  cudaFree (memory);
  cudaStreamDestroy (stream);
}

/* Limits and faults. */

static __global__ void
nothing_kernel (void)
{
}

static void
test_launch_limits (void)
{
  static const struct
  {
    dim3 grid, block;
    size_t shared;
    bool allowed;
  } cases[] = {
    { dim3 (1), dim3 (1024), 48 << 10, true },     { dim3 (1), dim3 (1025), 0, false },
    { dim3 (1), dim3 (33, 32), 0, false },         { dim3 (1), dim3 (1, 1, 65), 0, false },
    { dim3 (0), dim3 (1), 0, false },              { dim3 (1), dim3 (0), 0, false },
    { dim3 (1, 65535), dim3 (1), 0, true },        { dim3 (1, 65536), dim3 (1), 0, false },
    { dim3 (1), dim3 (1), (48 << 10) + 1, false },
  };

  for (const auto &c : cases)
    {
      cudaError_t want = c.allowed ? cudaSuccess : cudaErrorInvalidConfiguration;

      reset (0);
      RAQAM_LAUNCH (nothing_kernel, c.grid, c.block, c.shared, nullptr);
      assert_status (cudaPeekAtLastError (), want);
      assert_status (cudaGetLastError (), want);
      assert_status (cudaGetLastError (), cudaSuccess);
      assert_status (cudaDeviceSynchronize (), cudaSuccess);
    }

  /* More is had for the asking, up to what the GPU has. */
  assert_status (cudaFuncSetAttribute (nothing_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                       100 << 10),
                 cudaSuccess);
  RAQAM_LAUNCH (nothing_kernel, 1, 1, 100 << 10, nullptr);
  assert_status (cudaGetLastError (), cudaSuccess);
  assert_status (cudaFuncSetAttribute (nothing_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                       164 << 10),
                 cudaErrorInvalidValue);
}

static void
test_memory (void)
{
  RaqamEmulatorCounts before, after;
  RaqamEmulatorSettings settings = settings_of (0);
  void *memory, *more;
  char bytes[101];

  settings.memory = 1000;
  raqam_emulator_reset (&settings);
  raqam_emulator_counts (&before);
  assert_status (cudaMalloc (&memory, 100), cudaSuccess);
  assert_status (cudaMalloc (&more, 901), cudaErrorMemoryAllocation);
  assert_status (cudaGetLastError (), cudaErrorMemoryAllocation);
  assert_status (cudaMalloc (&more, 900), cudaSuccess);

  /* Not a number until something is written. */
  assert_status (cudaMemcpy (bytes, memory, 100, cudaMemcpyDeviceToHost), cudaSuccess);
  for (int i = 0; i < 100; i++)
    g_assert_cmpint (static_cast<unsigned char> (bytes[i]), ==, 0xff);

  assert_status (cudaMemcpy (bytes, memory, 101, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  assert_status (cudaMemcpy (bytes, memory, 100, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  assert_status (cudaMemset (static_cast<char *> (memory) + 1, 0, 100), cudaErrorInvalidValue);
  assert_status (cudaFree (bytes), cudaErrorInvalidValue);
  assert_status (cudaFree (memory), cudaSuccess);
  assert_status (cudaFree (memory), cudaErrorInvalidValue);
  assert_status (cudaFree (more), cudaSuccess);
  raqam_emulator_counts (&after);
  g_assert_cmpuint (after.bytes, ==, before.bytes);
  g_assert_cmpuint (after.objects, ==, before.objects);

  settings = settings_of (0);
  settings.fail_alloc = 2;
  raqam_emulator_reset (&settings);
  assert_status (cudaMalloc (&memory, 1), cudaSuccess);
  assert_status (cudaMalloc (&more, 1), cudaErrorMemoryAllocation);
  assert_status (cudaMalloc (&more, 1), cudaSuccess);
  cudaFree (memory);
  cudaFree (more);
}

/* Once the GPU has failed, every call says so. */
static void
test_failures (void)
{
  for (int kind = 0; kind < 2; kind++)
    {
      RaqamEmulatorSettings settings = settings_of (0);
      cudaError_t want = kind == 0 ? cudaErrorIllegalAddress : cudaErrorECCUncorrectable;
      void *memory, *other;

      reset (0);
      memory = new_memory<char> (1);
      (kind == 0 ? settings.fail_work : settings.lose_work) = 2;
      raqam_emulator_reset (&settings);
      RAQAM_LAUNCH (nothing_kernel, 1, 1, 0, nullptr);
      assert_status (cudaDeviceSynchronize (), cudaSuccess);
      RAQAM_LAUNCH (nothing_kernel, 1, 1, 0, nullptr);
      assert_status (cudaGetLastError (), cudaSuccess);
      assert_status (cudaDeviceSynchronize (), want);
      assert_status (cudaGetLastError (), want);
      assert_status (cudaGetLastError (), want);
      assert_status (cudaMalloc (&other, 1), want);
      assert_status (cudaMemset (memory, 0, 1), want);
      assert_status (cudaFree (memory), want);
    }
  reset (0);
}

static void
test_absence (void)
{
  RaqamEmulatorSettings settings = settings_of (0);
  int count = -1;

  settings.devices = 0;
  raqam_emulator_reset (&settings);
  assert_status (cudaGetDeviceCount (&count), cudaErrorNoDevice);
  g_assert_cmpint (count, ==, 0);

  settings = settings_of (0);
  settings.driver = 11080;
  raqam_emulator_reset (&settings);
  assert_status (cudaGetDeviceCount (&count), cudaErrorInsufficientDriver);

  reset (0);
  assert_status (cudaGetDeviceCount (&count), cudaSuccess);
  g_assert_cmpint (count, ==, 1);
}

static __global__ void
count_kernel (int *count)
{
  for (int i = 0; i < 100; i++)
    {
      if (threadIdx.x == 0)
        ++*count;
      __syncthreads ();
    }
}

/* Two threads with a stream each are never in one another's way. */
static gpointer
count_on_a_stream (gpointer data)
{
  cudaStream_t stream = new_stream ();
  int *count = put<int> ({ 0 });

  for (int i = 0; i < 50; i++)
    {
      RAQAM_LAUNCH (count_kernel, 2, 64, 0, stream, count);
      assert_status (cudaStreamSynchronize (stream), cudaSuccess);
    }
  g_assert_cmpint (get (count, 1)[0], ==, 50 * 2 * 100);
  cudaFree (count);
  cudaStreamDestroy (stream);
  return data;
}

static void
test_two_threads (void)
{
  GThread *threads[2];

  reset (2);
  for (auto &thread : threads)
    thread = g_thread_new ("counts", count_on_a_stream, nullptr);
  for (auto thread : threads)
    g_thread_join (thread);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, nullptr);

  g_test_add_func ("/cuda-emulator-runtime/waiting", test_waiting);
  g_test_add_func ("/cuda-emulator-runtime/graph", test_graph);
  g_test_add_func ("/cuda-emulator-runtime/capture-refusals", test_capture_refusals);
  g_test_add_func ("/cuda-emulator-runtime/capture-threads", test_capture_threads);
  g_test_add_func ("/cuda-emulator-runtime/launch-limits", test_launch_limits);
  g_test_add_func ("/cuda-emulator-runtime/memory", test_memory);
  g_test_add_func ("/cuda-emulator-runtime/failures", test_failures);
  g_test_add_func ("/cuda-emulator-runtime/absence", test_absence);
  g_test_add_func ("/cuda-emulator-runtime/two-threads", test_two_threads);

  return g_test_run ();
}
