use tensor::prelude::*;

net! { #[input(4, 8, 8)] type Net = batch_norm2d(5, track_running_stats = false) }

fn main() {}
