use tensor::prelude::*;

#[model]
enum Size {
    Small,
    Large,
}

fn main() {
    for size in [Size::Small, Size::Large] {
        match size {
            Size::Small => println!("small"),
            Size::Large => println!("large"),
        }
    }
}
