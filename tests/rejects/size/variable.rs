use tensor::prelude::*;


fn main() {
    let hidden = 128;
    let mlp = net!(linear(784, hidden) >> relu >> linear(128, 10));
    let _ = (mlp, hidden);
}
