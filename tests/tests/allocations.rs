//! A steady step allocates nothing: neither a compiled step, nor forward, loss, backward and update one by one, nor
//! inference; on one thread and on two.
//!
//! An allocator counts what all threads of this process ask for. It is a program of its own, so that nothing else runs beside the
//! steps that are counted: the usual harness has a thread that writes when a test takes long.

use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::Cell;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};

use examples::models::LeNet;
use examples::models::gpt::{CONTEXT, Gpt};
use tensor::prelude::*;
use tensor::schedule::ExponentialLr;
use tensor::{Labels, Planned};

/// The system's allocator, with a count.
struct Counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);
/// Whether the next allocation is to say where it comes from.
static TRACE: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// Whether this thread is writing a trace, which allocates too.
    static TRACING: Cell<bool> = const { Cell::new(false) };
}

impl Counting {
    fn count() {
        if TRACING.get() {
            return;
        }
        COUNT.fetch_add(1, Ordering::SeqCst);
        if TRACE.swap(false, Ordering::SeqCst) {
            TRACING.set(true);
            eprintln!("the first allocation:\n{}", Backtrace::force_capture());
            TRACING.set(false);
        }
    }
}

// SAFETY: everything is handed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::count();
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::count();
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::count();
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often memory was asked for meanwhile, by any thread.
fn allocations(body: impl FnOnce()) -> usize {
    let before = COUNT.load(Ordering::SeqCst);
    body();
    COUNT.load(Ordering::SeqCst) - before
}

/// Steps before the count, which fill the pools.
const WARM_UP: usize = 5;
/// Steps that are counted.
const STEADY: usize = 20;

/// Takes a step on each thread that computes. Every thread keeps some space of its own, and on a busy machine a worker might win
/// its first task only while we count.
fn on_every_thread(step: &mut (impl FnMut() + Send)) {
    let threads = tensor::threads::get();
    let (all_are_here, step) = (Barrier::new(threads), Mutex::new(step));
    tensor::threads::parallel(threads, &|_| {
        all_are_here.wait();
        (step.lock().expect("no step panics"))();
    });
}

/// What allocated although it should not.
#[derive(Default)]
struct Findings {
    lines: Vec<String>,
}

impl Findings {
    /// Takes some steps, then counts the allocations of more of them. If there are any, one more step shows where.
    fn steady(&mut self, what: &str, mut step: impl FnMut() + Send) {
        on_every_thread(&mut step);
        (0..WARM_UP).for_each(|_| step());
        let count = allocations(|| (0..STEADY).for_each(|_| step()));
        if count == 0 {
            return;
        }
        let line = format!(
            "{what}, {} threads: {count} allocations in {STEADY} steps",
            tensor::threads::get()
        );
        eprintln!("{line}");
        TRACE.store(true, Ordering::SeqCst);
        (0..STEADY).for_each(|_| step());
        TRACE.store(false, Ordering::SeqCst);
        self.lines.push(line);
    }
}

net! {
    type Small = linear(8, 16) >> relu >> linear(16, 4);
    /// Large enough that the work is shared.
    type Large = linear(256, 512) >> relu >> linear(512, 10);
    /// Every kind of layer.
    type Mixed = linear(64, 256) >> gelu >> layer_norm(256) >> dropout(0.1)
        >> linear(256, 256, bias = false) >> silu >> softplus >> elu >> leaky_relu
        >> layer_norm(256) >> linear(256, 64) >> tanh >> sigmoid >> dropout(0.5) >> identity
        >> linear(64, 32) >> softmax >> linear(32, 10) >> log_softmax;
}

net! {
    /// The LeNet-5 of the examples, for images that lie in rows.
    type Images = [784] => reshape(1, 28, 28) >> LeNet;
    /// Other layers over blocks, with running statistics.
    type Blocks = [64] => reshape(1, 8, 8) >> conv2d(1, 8, 3, padding = same, bias = false) >> batch_norm2d(8) >> relu6 >> avg_pool2d(2)
        >> conv_transpose2d(8, 4, 2, stride = 2) >> group_norm(2, 4) >> hardswish >> adaptive_max_pool2d((4, 3)) >> upsample(2) >> reshape(8, 24)
        >> attention(2, causal = true) >> rms_norm(8) >> flatten >> linear(64, 10);
}

/// A model of a model.
#[model]
struct Nested {
    first: Large,
    normal: LayerNorm<10>,
    last: net!(linear(10, 16) >> gelu(approximate = tanh) >> dropout(0.2) >> linear(16, 4)),
}

/// A part that runs twice, values that go to several places, parts of an array.
#[model]
#[forward(|x: [64]| {
    let mut h = tanh(fc(x));
    for block in blocks {
        h = h + block(cat(h, fc(h * x), axis = 1)) / (2.0 - h);
    }
    let (gate, value) = split(h, 32, axis = 1);
    head(sigmoid(gate) * value - gate)
})]
struct Flow {
    fc: Linear<64, 64>,
    blocks: [net!(linear(128, 64) >> relu); 2],
    head: Linear<32, 10>,
}

/// Three inputs, two outputs, and a part that is such a model itself.
#[model]
#[forward(|x: [64], h: [32], c: [32]| {
    let (z, c) = cell(x, h, c);
    (head(z), c)
})]
struct Several {
    cell: Stepped,
    head: Linear<32, 10>,
}

#[model]
#[forward(|x: [64], h: [32], c: [32]| {
    let z = tanh(input(x) + state(h));
    (z, z * h + c)
})]
struct Stepped {
    input: Linear<64, 32>,
    state: linear!(32, 32, bias = false),
}

/// A model of symbolic sizes.
#[model]
#[forward(|x: [C, 2 * S, 2 * S]| tanh(conv(x)) + x)]
struct Generic<C: Dim, S: Dim> {
    conv: conv2d!(C, C, 3, padding = 1),
}

net! {
    /// Models behind each other, of whose axes only they know.
    type Open = [64] => reshape(1, 8, 8) >> conv2d(1, 4, 1) >> repeat(2, Generic<4, 4>) >> relu >> reshape(256) >> linear(256, 10);
}

/// Labels for so many samples.
fn labels(count: usize, classes: usize) -> Tensor<dims![Batch], i64> {
    let labels = (0..count).map(|row| (row * 7 % classes) as i64).collect();
    Tensor::from_vec(labels, &[count]).expect("as many labels as there are rows")
}

/// Everything that should be free of allocation, for one model and two sizes of a batch.
macro_rules! check {
    ($findings:expr, $Model:ident, $inputs:literal, $classes:literal, $batch:literal) => {{
        let findings: &mut Findings = $findings;
        let name = concat!(stringify!($Model), ", batch of ", stringify!($batch));
        let x = Tensor::<dims![Batch, $inputs]>::randn(&[$batch, $inputs], 1).expect("room");
        let y = labels($batch, $classes);
        let target = Tensor::<dims![Batch, $classes]>::randn(&[$batch, $classes], 2).expect("room");
        let new = || $Model::new(&Device::cpu(), Seed(1));

        let mut model = new();
        model.eval();
        findings.steady(&format!("{name}: infer"), || {
            black_box(model.infer(&x));
        });
        findings.steady(&format!("{name}: infer and item"), || {
            let out = model.infer(&x);
            black_box(out.at([0, 0]).expect("an output"));
        });
        findings.steady(&format!("{name}: forward, eval"), || {
            black_box(model.forward(&x));
        });

        check!(@optimizer findings, name, new, x, y, "Sgd", Sgd::new(1e-3));
        check!(@optimizer findings, name, new, x, y, "Sgd with momentum", Sgd::new(1e-3).momentum(0.9).weight_decay(1e-3));
        check!(@optimizer findings, name, new, x, y, "Adam", Adam::new(1e-3));
        check!(@optimizer findings, name, new, x, y, "Adam, amsgrad", Adam::new(1e-3).amsgrad());
        check!(@optimizer findings, name, new, x, y, "AdamW", AdamW::new(1e-3));

        let mut step = new().compile(mse_loss, Adam::new(1e-3));
        findings.steady(&format!("{name}: step.run of mse_loss"), || {
            black_box(step.run(&x, &target).expect("a finite loss"));
        });
        let (mut model, mut optimizer) = (new(), Sgd::new(1e-3));
        findings.steady(&format!("{name}: mse_loss, clipped"), || {
            let loss = mse_loss(&model.forward(&x), &target);
            loss.backward();
            clip_grad_norm(&mut model, 1.0).expect("gradients");
            optimizer.step(&mut model).expect("gradients");
        });
        let adam = AdamW::new(1e-3).group(|parameter| parameter.sizes.len() < 2, |group| group.weight_decay(0.0));
        let mut step = new().compile(mse_loss, adam).accumulate(2).clip_grad_norm(1.0);
        let mut ema = Ema::new(0.99).expect("a share");
        let mut schedule = ExponentialLr::new(0.999).on(step.optimizer_mut()).expect("a factor");
        findings.steady(&format!("{name}: step.run with groups, clipped, accumulated, scheduled, averaged"), || {
            black_box(step.run(&x, &target).expect("a finite loss"));
            schedule.step(step.optimizer_mut()).expect("it goes on");
            ema.update(step.model()).expect("room");
        });
        findings.steady(&format!("{name}: two forwards, one backward, zero_grad"), || {
            let kept = cross_entropy(&model.forward(&x), &y);
            black_box(model.forward(&x));
            kept.backward();
            model.zero_grad();
        });
    }};
    (@optimizer $findings:ident, $name:ident, $new:ident, $x:ident, $y:ident, $which:literal, $optimizer:expr) => {{
        let mut step = $new().compile(cross_entropy, $optimizer);
        $findings.steady(&format!("{}: step.run, {}", $name, $which), || {
            black_box(step.run(&$x, &$y).expect("a finite loss"));
        });
        let (mut model, mut optimizer) = ($new(), $optimizer);
        $findings.steady(&format!("{}: forward, loss, backward, step, {}", $name, $which), || {
            let loss = cross_entropy(&model.forward(&$x), &$y);
            loss.backward();
            optimizer.step(&mut model).expect("gradients");
            black_box(loss.item().expect("a loss"));
        });
    }};
}

/// A last batch that is smaller, as in every epoch.
fn partial_batches(findings: &mut Findings) {
    let mut step = Large::new(&Device::cpu(), Seed(1)).compile(cross_entropy, Adam::new(1e-3));
    let mut model = Large::new(&Device::cpu(), Seed(1));
    let mut adam = Adam::new(1e-3);
    let batches = [64, 13].map(|count| {
        let x = Tensor::<dims![Batch, 256]>::randn(&[count, 256], 1).expect("room");
        (x, labels(count, 10))
    });
    findings.steady("batches of 64 and 13: step.run", || {
        for (x, y) in &batches {
            step.run(x, y).expect("a finite loss");
        }
    });
    findings.steady("batches of 64 and 13: forward, loss, backward, step", || {
        for (x, y) in &batches {
            cross_entropy(&model.forward(x), y).backward();
            adam.step(&mut model).expect("gradients");
        }
    });
    findings.steady("batches of 64 and 13: infer", || {
        for (x, _) in &batches {
            black_box(model.infer(x));
        }
    });
}

/// What a data set hands out is from the pool as well.
fn batches_of_a_data_set(findings: &mut Findings) {
    let digits = data::digits();
    let mut step = {
        net! { type Digits = linear(64, 32) >> relu >> linear(32, 10) }
        Digits::new(&Device::cpu(), Seed(1)).compile(cross_entropy, Adam::new(1e-3))
    };
    let mut batches = digits.batches(8).shuffled(1);
    findings.steady("a step on the next batch of a data set", || {
        let (x, y) = batches.next().expect("more batches than are taken here");
        step.run(&x, &y).expect("a finite loss");
    });
}

/// Several inputs and outputs, of which losses see some.
fn several(findings: &mut Findings) {
    let batches = [16, 5].map(|count| {
        let x = Tensor::<dims![Batch, 64]>::randn(&[count, 64], 1).expect("room");
        let h = Tensor::<dims![Batch, 32]>::randn(&[count, 32], 2).expect("room");
        (x, h, labels(count, 10))
    });
    let new = || Several::new(&Device::cpu(), Seed(1));
    type Outputs = (Planned<Several>, Planned<Several, dims![Batch, 32]>);
    let loss = |(out, _): &Outputs, labels: &Labels| cross_entropy(out, labels);
    let mut step = new().compile(loss, Adam::new(1e-3));
    findings.steady("several inputs: step.run", || {
        for (x, h, y) in &batches {
            black_box(step.run((x, h, h), y).expect("a finite loss"));
        }
    });
    let (mut model, mut adam) = (new(), Adam::new(1e-3));
    findings.steady("several inputs: forward, loss of two outputs, backward, step", || {
        for (x, h, y) in &batches {
            let (out, next) = model.forward(x, h, h);
            (cross_entropy(&out, y) + mse_loss(&next, h)).backward();
            adam.step(&mut model).expect("gradients");
        }
    });
    findings.steady("several inputs: infer", || {
        for (x, h, _) in &batches {
            black_box(model.infer(x, h, h));
        }
    });
}

/// Doubles: the same functions over another element.
fn doubles(findings: &mut Findings) {
    let x = Tensor::<dims![Batch, 64], f64>::randn(&[16, 64], 1).expect("room");
    let y = labels(16, 10);
    let mut step = Mixed::<f64>::new_as(&Device::cpu(), Seed(1)).compile(cross_entropy, AdamW::new(1e-3));
    findings.steady("doubles: step.run", || {
        black_box(step.run(&x, &y).expect("a finite loss"));
    });
}

/// The GPT of the examples, trained as its program does.
fn gpt(findings: &mut Findings) {
    let bytes: Vec<i64> = (0..2 * CONTEXT).map(|at| (at * 37 % 256) as i64).collect();
    let bytes: Tensor<dims![Batch, 128], i64> =
        Tensor::from_vec(bytes, &[2, CONTEXT]).expect("as many as the sizes say");
    let adam = AdamW::new(1e-3).group(|parameter| parameter.sizes.len() < 2, |group| group.weight_decay(0.0));
    let mut step = Gpt::new(&Device::cpu(), Seed(1))
        .compile(cross_entropy, adam)
        .clip_grad_norm(1.0);
    findings.steady("gpt: step.run", || {
        black_box(step.run(&bytes, &bytes).expect("a finite loss"));
    });
    let model = Gpt::new(&Device::cpu(), Seed(1));
    findings.steady("gpt: infer", || {
        black_box(model.infer(&bytes));
    });
}

fn main() {
    let count = allocations(|| {
        black_box(vec![1u8; 100]);
    });
    assert_eq!(count, 1, "the counter counts");
    let count = allocations(|| {
        let other = std::thread::spawn(|| drop(black_box(Box::new(1))));
        other.join().expect("no panic");
    });
    assert!(count >= 2, "the counter counts what other threads do: {count}");
    let count = allocations(|| {
        black_box([0; 16]);
    });
    assert_eq!(count, 0, "the counter counts nothing else");

    let mut findings = Findings::default();
    for threads in [1, 2] {
        tensor::threads::set(threads);
        check!(&mut findings, Small, 8, 4, 3);
        check!(&mut findings, Large, 256, 10, 64);
        check!(&mut findings, Mixed, 64, 10, 64);
        check!(&mut findings, Nested, 256, 4, 64);
        check!(&mut findings, Flow, 64, 10, 64);
        check!(&mut findings, Images, 784, 10, 4);
        check!(&mut findings, Blocks, 64, 10, 4);
        check!(&mut findings, Open, 64, 10, 4);
        partial_batches(&mut findings);
        batches_of_a_data_set(&mut findings);
        doubles(&mut findings);
        several(&mut findings);
        gpt(&mut findings);
    }
    assert!(findings.lines.is_empty(), "{}", findings.lines.join("\n"));
    println!("steady steps allocate nothing: ok");
}
