"""Makes reference files from PyTorch's own table of operators, on a CPU: calls, results, gradients of both orders, and calls that must
be refused. `cargo run --release -p tests --bin conformance -- DIR` reads them.

  make.py --out DIR [--only NAME,NAME] [--seed N] [--cotangent-seed N]     all samples
  make.py --thin DIR --zip operators.zip [--samples 2]                     some of them, packed as they are kept here

Needs torch, numpy, safetensors and expecttest (made with torch 2.15).
"""
import argparse, json, math, os, re, signal, sys, time, traceback, warnings
os.environ.setdefault("OMP_NUM_THREADS", "1")
warnings.filterwarnings("ignore")
import torch
torch.set_num_threads(1)
from safetensors.torch import save_file
from torch.testing._internal import common_utils

NAMES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "operators.txt")
DTYPES = [torch.bool, torch.int64, torch.float32, torch.float64]
PICK = 12          # samples a file
BIG = 2000         # numbers in all input tensors of a sample together
BIG_ALL = 20000    # the same where every sample is over BIG
BIG_OUT = 8000     # numbers in all outputs
BIG_ERROR = 50000  # numbers in all input tensors of a call that must be refused
AMBIGUOUS = {"argsort", "sort", "msort", "topk", "kthvalue", "mode", "median", "nanmedian",
             "linalg.qr", "linalg.svd", "linalg.eigh", "svd", "qr"}


class Skip(Exception):
    pass


class Changed(Exception):
    pass


def dname(t):
    return str(t).replace("torch.", "")


class Enc:
    """Writes values in the form, and names tensors."""

    def __init__(self, store, prefix):
        self.store, self.prefix, self.n, self.memo, self.keep = store, prefix, {}, {}, []

    def name(self, kind, t, counter=None):
        if id(t) in self.memo:
            return self.memo[id(t)]
        counter = counter or kind
        i = self.n.get(counter, 0)
        self.n[counter] = i + 1
        name = f"{self.prefix}{kind}{i}"
        self.memo[id(t)] = name
        self.keep.append(t)
        self.put(name, t)
        return name

    def put(self, name, t):
        t = t.detach()
        if t.is_complex():
            t = torch.view_as_real(t.resolve_conj())
        self.store[name] = t.resolve_neg().clone(memory_format=torch.contiguous_format)

    def val(self, v, kind="a", counter=None):
        if isinstance(v, torch.Tensor):
            if v.layout != torch.strided or v.is_quantized:
                raise Skip("sparse")
            if type(v) not in (torch.Tensor, torch.nn.Parameter):
                raise Skip("value " + type(v).__name__)
            r = {"t": self.name(kind, v, counter)}
            if v.is_complex():
                r["complex"] = True
            return r
        if v is None or isinstance(v, (bool, str)):
            return v
        if isinstance(v, int):
            return int(v)
        if isinstance(v, float):
            if math.isnan(v):
                return {"f": "nan"}
            if math.isinf(v):
                return {"f": "inf" if v > 0 else "-inf"}
            return v
        if isinstance(v, tuple):
            return {"tuple": [self.val(x, kind, counter) for x in v]}
        if isinstance(v, list):
            return {"list": [self.val(x, kind, counter) for x in v]}
        if isinstance(v, torch.dtype):
            return {"dtype": dname(v)}
        if isinstance(v, slice):
            return {"slice": [self.val(x) for x in (v.start, v.stop, v.step)]}
        if v is Ellipsis:
            return {"ellipsis": True}
        if isinstance(v, torch.device):
            return {"device": str(v)}
        if type(v).__module__ == "numpy" and hasattr(v, "item"):
            return self.val(v.item(), kind, counter)
        raise Skip("value " + type(v).__name__)


def dec(v, store, grad=frozenset(), memo=None):
    """Reads a value again from the written form."""
    memo = {} if memo is None else memo
    if isinstance(v, dict):
        if "t" in v:
            n = v["t"]
            if n not in memo:
                t = store[n].clone()
                if v.get("complex"):
                    t = torch.view_as_complex(t.contiguous())
                memo[n] = t.requires_grad_(n in grad) if (t.is_floating_point() or t.is_complex()) else t
            return memo[n]
        if "list" in v:
            return [dec(x, store, grad, memo) for x in v["list"]]
        if "tuple" in v:
            return tuple(dec(x, store, grad, memo) for x in v["tuple"])
        if "dtype" in v:
            return getattr(torch, v["dtype"])
        if "f" in v:
            return float(v["f"])
        if "slice" in v:
            return slice(*[dec(x, store, grad, memo) for x in v["slice"]])
        if "ellipsis" in v:
            return Ellipsis
        if "device" in v and len(v) == 1 and isinstance(v["device"], str):
            return torch.device(v["device"])
        raise ValueError(v)
    return v


def deckw(kw, store, grad=frozenset(), memo=None):
    return {k: dec(v, store, grad, memo) for k, v in kw.items()}


def leaves(x, out=None):
    out = [] if out is None else out
    if isinstance(x, torch.Tensor):
        out.append(x)
    elif isinstance(x, (list, tuple)):
        for y in x:
            leaves(y, out)
    elif isinstance(x, dict):
        for y in x.values():
            leaves(y, out)
    elif isinstance(x, slice):
        leaves([x.start, x.stop, x.step], out)
    return out


def names_of(v, out=None):
    out = [] if out is None else out
    if isinstance(v, dict):
        if isinstance(v.get("t"), str):
            out.append(v["t"])
        else:
            for x in v.values():
                names_of(x, out)
    elif isinstance(v, list):
        for x in v:
            names_of(x, out)
    return out


def up(x):
    """The same values in float64."""
    if isinstance(x, torch.Tensor):
        return x.detach().to(torch.float64) if x.dtype == torch.float32 else (x.detach().to(torch.complex128) if x.dtype == torch.complex64 else x.detach().clone())
    if isinstance(x, torch.dtype):
        return {torch.float32: torch.float64, torch.complex64: torch.complex128}.get(x, x)
    if isinstance(x, tuple):
        return tuple(up(y) for y in x)
    if isinstance(x, list):
        return [up(y) for y in x]
    if isinstance(x, dict):
        return {k: up(v) for k, v in x.items()}
    return x


def err_scale(lo, hi):
    err = scale = 0.0
    for a, b in zip(leaves(lo), leaves(hi)):
        if not (a.is_floating_point() or a.is_complex()) or a.shape != b.shape or a.numel() == 0:
            continue
        b = b.detach()
        d = (a.detach().to(b.dtype) - b).abs()
        d, m = d[torch.isfinite(d)], b.abs()[torch.isfinite(b.abs())]
        if d.numel():
            err = max(err, d.max().item())
        if m.numel():
            scale = max(scale, m.max().item())
    return err, scale


def process_text(fn, op):
    n = getattr(fn, "__name__", "")
    if op == "linalg.eigh":
        return "(out0, |out1|)"
    if op in ("svd", "linalg.svd"):
        return {"fn_U": "|out0[..., :k]|",
                "fn_S": "out1",
                "fn_Vh": "(out1, |out2[..., :k, :]|)",
                "fn_UVh": "(out0[..., :k] @ out2[..., :k, :], out1)"}[n]
    return n


def same(a, b):
    """Whether two runs of one call agree, but for the order of sums (a call may go another way where gradients are wanted)."""
    la, lb = leaves(a), leaves(b)
    if len(la) != len(lb):
        return False
    for x, y in zip(la, lb):
        if x.shape != y.shape or x.dtype != y.dtype:
            return False
        if not (x.is_floating_point() or x.is_complex()):
            if not torch.equal(x, y):
                return False
        elif x.numel():
            tol = (1e-3 if x.dtype in (torch.float32, torch.complex64) else 1e-8) * max(1.0, torch.nan_to_num(x.detach().abs(), posinf=0.0).max().item())
            if not torch.allclose(x.detach(), y.detach(), rtol=0, atol=tol, equal_nan=True):
                return False
    return True


def differentiable(t):
    return (t.is_floating_point() or t.is_complex()) and t.requires_grad


def second(sample, ins, grads, gen, store, enc):
    """gg: the gradient of sum(grad * w)."""
    have = [(n, g) for n, g in grads if g is not None and g.requires_grad]
    if not have:
        return None
    ws, total = {}, []
    for n, g in have:
        w = torch.randn(g.shape, dtype=g.dtype, generator=gen)
        ws[n] = w
        total.append((g * w).sum())
    names = [n for n, _ in grads]
    gg = torch.autograd.grad(sum(total), [ins[n] for n in names], allow_unused=True)
    out = {"w": {}, "grads": {}}
    for n, w in ws.items():
        store[n + ".w"] = w
        out["w"][n] = n + ".w"
    for n, g in zip(names, gg):
        if g is not None:
            enc.put(n + ".gg", g)
        out["grads"][n] = None if g is None else n + ".gg"
    return out


def sample_of(op, s, i, dtype, gen, store, supports_grad, gradgrad):
    enc = Enc(store, f"s{i}.")
    all_in = leaves([s.input, s.args, s.kwargs])
    args = [enc.val(s.input)] + [enc.val(x) for x in s.args]
    kwargs = {k: enc.val(v) for k, v in s.kwargs.items()}
    want = {enc.memo[id(t)] for t in all_in if t.requires_grad}
    run = lambda g=frozenset(), memo=None: (lambda m: op(*[dec(a, store, g, m) for a in args], **deckw(kwargs, store, g, m)))({} if memo is None else memo)
    memo = {}
    out = run(want if supports_grad else frozenset(), memo)
    again = run()
    if not same(out, again):
        raise Skip("random")
    if sum(t.numel() for t in leaves(out)) > BIG_OUT:
        raise Skip("big out")
    r = {"id": i, "args": args, "kwargs": kwargs, "out": enc.val(plain(out), "o", "out")}
    base = op.name
    if base in AMBIGUOUS:
        r["ambiguous"] = True
    proc = s.output_process_fn_grad(out)
    processed = not (proc is out or (len(leaves(proc)) == len(leaves(out)) and all(a is b for a, b in zip(leaves(proc), leaves(out)))))
    if dtype == torch.float32:
        with torch.no_grad():
            try:
                hi = op(*up([dec(a, store) for a in args]), **up(deckw(kwargs, store)))
                lo = s.output_process_fn_grad(out) if processed else out
                hi = s.output_process_fn_grad(hi) if processed else hi
                r["f32_err"], r["f32_scale"] = err_scale(lo, hi)
            except Exception as e:
                r["f32_err"], r["f32_scale"] = 0.0, 0.0
                print("  f32_err:", op.name, i, str(e)[:100])
    if processed:
        r["process"] = process_text(s.output_process_fn_grad, op.name)
        r["proc"] = enc.val(plain(proc), "p", "out")
    outs = [t for t in leaves(proc) if differentiable(t)]
    if supports_grad and want and outs:
        r["cotangents"] = {}
        vs = []
        for t in outs:
            v = torch.randn(t.shape, dtype=t.dtype, generator=gen)
            n = enc.memo[id(t)]
            enc.put(n + ".v", v)
            r["cotangents"][n] = n + ".v"
            vs.append(v)
        ins = {n: memo[n] for n in names_of([args, list(kwargs.values())]) if n in want}
        names = list(ins)
        second_too = gradgrad and dtype == torch.float64
        grads = torch.autograd.grad(outs, [ins[n] for n in names], vs, allow_unused=True, create_graph=second_too)
        r["grads"] = {}
        for n, g in zip(names, grads):
            if g is not None:
                enc.put(n + ".g", g)
            r["grads"][n] = None if g is None else n + ".g"
        if second_too:
            try:
                gg = second(r, ins, list(zip(names, grads)), gen, store, enc)
                if gg:
                    r["gg"] = gg
            except RuntimeError as e:
                r["grad_error"] = str(e)
    return r


def plain(v):
    """Named tuples of results as tuples."""
    if isinstance(v, tuple):
        return tuple(plain(x) for x in v)
    if isinstance(v, list):
        return [plain(x) for x in v]
    return v


def count(skipped, why):
    skipped[why] = skipped.get(why, 0) + 1


def pick(items, n):
    return items if len(items) <= n else [items[i * len(items) // n] for i in range(n)]


def make_operator(op, dtype, cotangent_seed):
    name = op.name + ("." + op.variant_test_name if op.variant_test_name else "")
    floating = dtype.is_floating_point
    supports_grad = floating and op.supports_autograd
    d = {"op": op.name, "variant": op.variant_test_name, "dtype": dname(dtype), "aliases": [a.name for a in op.aliases],
         "torch": torch.__version__, "skipped": {}, "samples": []}
    store = {}
    gen = torch.Generator().manual_seed(cotangent_seed)
    small = []
    common_utils.set_rng_seed(common_utils.SEED)
    sized = [(sum(t.numel() for t in leaves([s.input, s.args, s.kwargs])), i, s)
             for i, s in enumerate(op.sample_inputs("cpu", dtype, requires_grad=supports_grad, set_seed=False))]
    limit = BIG if any(n <= BIG for n, _, _ in sized) else BIG_ALL   # ctc_loss has only big ones
    for n, i, s in sized:
        if n > limit:
            count(d["skipped"], "big")
        else:
            small.append((i, s))
    for i, s in pick(small, PICK):
        part = {}
        try:
            r = sample_of(op, s, i, dtype, gen, part, supports_grad, op.supports_gradgrad)
        except Skip as e:
            count(d["skipped"], str(e))
            continue
        store.update(part)
        d["samples"].append(r)
    if dtype == torch.float32 and op.error_inputs_func is not None:
        errors = []
        for j, e in enumerate(op.error_inputs("cpu")):
            s = e.sample_input
            part = {}
            try:
                enc = Enc(part, f"e{len(errors)}.")
                args = [enc.val(s.input)] + [enc.val(x) for x in s.args]
                kwargs = {k: enc.val(v) for k, v in s.kwargs.items()}
            except Skip as x:
                count(d["skipped"], "error: " + str(x))
                continue
            if sum(t.numel() for t in part.values()) > BIG_ERROR:
                count(d["skipped"], "error: big")
                continue
            memo = {}
            try:
                op(*[dec(a, part, memo=memo) for a in args], **deckw(kwargs, part, memo=memo))
            except Exception:
                pass
            else:
                print("  error not raised again from the written form:", name, len(errors), e.error_regex[:80], flush=True)
            et = e.error_type
            et = "Exception" if isinstance(et, tuple) else et.__name__
            store.update(part)
            errors.append({"args": args, "kwargs": kwargs, "type": et, "regex": e.error_regex})
        if errors:
            d["errors"] = errors
    return name, d, store


def write(out, name, dtype, d, store):
    base = os.path.join(out, f"{name}.{dname(dtype)}")
    save_file({k: v.contiguous() for k, v in store.items()}, base + ".safetensors.tmp")
    with open(base + ".json.tmp", "w") as f:
        json.dump(d, f, separators=(",", ":"))
    os.chmod(base + ".safetensors.tmp", 0o644)
    os.replace(base + ".safetensors.tmp", base + ".safetensors")
    os.replace(base + ".json.tmp", base + ".json")


def thin(folder, target, samples):
    """Keeps `samples` of each file of doubles, evenly chosen, one of other types, and the small ones among the calls that must be refused;
    with the tensors that they name all goes into one archive."""
    import zipfile
    from safetensors.torch import load_file, save
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        def put(name, data):
            # Without the time of day: the same numbers make the same archive.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
        for file in sorted(f for f in os.listdir(folder) if f.endswith(".json")):
            base = os.path.join(folder, file[:-len(".json")])
            with open(base + ".json") as f:
                d = json.load(f)
            n = len(d["samples"])
            keep = min(samples if d["dtype"] == "float64" else 1, n)
            d["samples"] = [d["samples"][i * (n - 1) // max(keep - 1, 1)] for i in range(keep)]
            store = load_file(base + ".safetensors")
            def named(part):
                return set(re.findall(r'"([^"]*)"', json.dumps(part))) & store.keys()
            small = lambda call: sum(store[name].numel() for name in named(call)) <= 500
            d["errors"] = [call for call in d.get("errors", []) if small(call)]
            text, used = json.dumps(d, separators=(",", ":")), named(d)
            put(file, text)
            put(os.path.basename(base) + ".safetensors", save({k: v for k, v in sorted(store.items()) if k in used}))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, default=1234)
    p.add_argument("--cotangent-seed", type=int, default=5678)
    p.add_argument("--out")
    p.add_argument("--only")
    p.add_argument("--thin")
    p.add_argument("--zip", default="operators.zip")
    p.add_argument("--samples", type=int, default=2)
    a = p.parse_args()
    if a.thin:
        return thin(a.thin, a.zip, a.samples)
    common_utils.SEED = a.seed
    out = a.out
    os.makedirs(out, exist_ok=True)
    from torch.testing._internal.common_methods_invocations import op_db
    ops = {o.name + ("." + o.variant_test_name if o.variant_test_name else ""): o for o in op_db}
    names = a.only.split(",") if a.only else open(NAMES).read().split()
    for n in names:
        op = ops[n]
        dts = [t for t in DTYPES if t in op.supported_dtypes("cpu")]
        for t in dts:
            t0 = time.time()
            try:
                name, d, store = make_operator(op, t, a.cotangent_seed)
                if not d["samples"] and not d.get("errors"):
                    print(n, dname(t), "no samples", d["skipped"], flush=True)
                    continue
                write(out, name, t, d, store)
                if d["skipped"] or time.time() - t0 > 10:
                    print(n, dname(t), len(d["samples"]), d["skipped"], f"{time.time() - t0:.1f} s", flush=True)
            except Exception as e:
                print(n, dname(t), "FAILED", type(e).__name__, str(e)[:300], flush=True)
                traceback.print_exc(limit=-3)


if __name__ == "__main__":
    main()
