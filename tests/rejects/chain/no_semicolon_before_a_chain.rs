use tensor::prelude::*;

net! {
    pub type First = [4] => dropout(0.5)
    pub type Second = [4] => dropout(0.5) >> linear(4, 10)
}

fn main() {}
