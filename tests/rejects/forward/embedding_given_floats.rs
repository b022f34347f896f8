use tensor::prelude::*;

net! { type Net = [2] => embedding(5, 3) }

fn main() {
    let net = Net::new(&Device::cpu(), Seed(0));
    let _ = net.forward(&tensor![[1., 2.]]);
}
