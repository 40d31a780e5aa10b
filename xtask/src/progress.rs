//! What a person sees of a long step: a bar on a terminal, one line elsewhere; always on stderr.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A step that may take long. Nothing is shown until it reports its first progress.
pub struct Step {
    title: String,
    style: &'static str,
    started: Instant,
    total: Option<u64>,
    position: u64,
    view: View,
}

enum View {
    Hidden,
    Bar(ProgressBar),
    Line,
}

impl Step {
    /// A step that counts things: files, crates.
    pub fn counting(title: impl Into<String>) -> Self {
        Self::new(title.into(), "{pos}/{len} ")
    }

    /// A step that counts bytes.
    pub fn bytes(title: impl Into<String>) -> Self {
        Self::new(title.into(), "{bytes}/{total_bytes} ")
    }

    fn new(title: String, style: &'static str) -> Self {
        Self { title, style, started: Instant::now(), total: None, position: 0, view: View::Hidden }
    }

    /// Says how much there is to do.
    pub fn expect(&mut self, total: u64) {
        if self.total != Some(total) {
            self.total = Some(total);
            self.restyle();
        }
    }

    /// Says how much is done, and with what it is busy.
    pub fn report(&mut self, position: u64, doing: &str) {
        self.show();
        self.position = position;
        if let View::Bar(bar) = &self.view {
            if self.total.is_some_and(|total| total < position) {
                bar.set_length(position);
            }
            bar.set_position(position);
            bar.set_message(doing.to_owned());
        }
    }

    /// Counts one more thing done.
    pub fn advance(&mut self, doing: &str) {
        self.report(self.position + 1, doing);
    }

    /// Ends the step; what was shown is replaced by one line with the time it took.
    pub fn done(self) {
        let took = took(self.started.elapsed());
        match &self.view {
            View::Hidden => {}
            View::Line => eprintln!("{}: done in {took}", self.title),
            View::Bar(bar) => {
                bar.finish_and_clear();
                eprintln!("{}: done in {took}", self.title);
            }
        }
    }

    fn show(&mut self) {
        if !matches!(self.view, View::Hidden) {
            return;
        }
        if std::io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            self.view = View::Bar(bar.clone());
            self.restyle();
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(Duration::from_millis(200));
        } else {
            eprintln!("{} ...", self.title);
            self.view = View::Line;
        }
    }

    fn restyle(&self) {
        let View::Bar(bar) = &self.view else { return };
        let template = match self.total {
            Some(total) => {
                bar.set_length(total);
                format!("{{prefix}} [{{bar:20}}] {}{{elapsed}} {{wide_msg}}", self.style)
            }
            None => "{prefix} {spinner} {elapsed} {wide_msg}".to_owned(),
        };
        bar.set_prefix(self.title.clone());
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("=> "));
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if let View::Bar(bar) = &self.view {
            bar.finish_and_clear();
        }
    }
}

fn took(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
