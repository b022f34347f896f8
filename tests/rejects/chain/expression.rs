use tensor::prelude::*;


fn main() {
    let mlp = net!(linear(784, 128) >> relu >> linear(64, 10));
    let _ = mlp;
}
