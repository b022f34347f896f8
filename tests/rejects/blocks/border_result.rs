use tensor::prelude::*;

net! { pub type Net = [2, 3] => replication_pad1d((4, 3)) >> flatten >> linear(21, 2) }

fn main() {}
