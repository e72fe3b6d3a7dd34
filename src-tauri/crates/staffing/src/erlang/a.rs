//! Callers who hang up when their patience is at its end.

use super::b::weight;
use super::load_of;

/// The steady state of a queue whose callers have exponential patience. Times are in average handle
/// times, shares are of the calls offered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Abandoning {
    /// The share that does not get an agent at once.
    pub waiting: f64,
    /// The share that is answered.
    pub answered: f64,
    /// The share that hangs up.
    pub abandoned: f64,
    /// The share that is answered within the threshold.
    pub answered_within: f64,
    /// The share that hangs up within the threshold.
    pub abandoned_within: f64,
    /// The mean wait of all, those included who hang up.
    pub wait: f64,
    /// The mean wait of those who are answered; none where nobody is.
    pub wait_of_answered: Option<f64>,
}

/// The queue of `agents` under `load` erlangs, whose callers wait `patience` average handle times on
/// average and should be answered within `threshold` of them. It is stable under any load.
///
/// The wait that a caller of endless patience would be offered has the density of Baccelli and
/// Hebuterne (1981), in the building blocks of Zeltyn and Mandelbaum (2005), integrated from its peak as
/// sums of positive numbers. Patience is taken to lie between 1e-9 and 1e9 handle times.
pub fn a(agents: u32, load: f64, patience: f64, threshold: f64) -> Abandoning {
    let load = load_of(load);
    let threshold = threshold.max(0.0);
    let patience = if patience > 0.0 {
        patience.clamp(1e-9, 1e9)
    } else {
        1e-9
    };
    if load <= 0.0 {
        return Abandoning {
            waiting: 0.0,
            answered: 1.0,
            abandoned: 0.0,
            answered_within: 1.0,
            abandoned_within: 0.0,
            wait: 0.0,
            wait_of_answered: Some(0.0),
        };
    }
    if agents == 0 {
        return Abandoning {
            waiting: 1.0,
            answered: 0.0,
            abandoned: 1.0,
            answered_within: 0.0,
            abandoned_within: -libm::expm1(-threshold / patience),
            wait: patience,
            wait_of_answered: None,
        };
    }
    let density = Density::new(agents, load, 1.0 / patience);
    let (early, late) = density.integrate(threshold);
    let (early, late) = (early.times(load), late.times(load));
    // Where waiting is that unlikely, how much so makes no difference.
    let at_once = density.at_once(agents).min(1e280);
    let total = at_once + early.all + late.all;
    let answered = at_once + early.answered + late.answered;
    let abandoned = (early.abandoned + late.abandoned) / total;
    Abandoning {
        waiting: (early.all + late.all) / total,
        answered: answered / total,
        abandoned,
        answered_within: (at_once + early.answered) / total,
        abandoned_within: (early.abandoned - libm::expm1(-threshold / patience) * late.all) / total,
        wait: abandoned * patience,
        wait_of_answered: Some((early.wait + late.wait) / answered),
    }
}

/// The density of the offered wait at `x`, up to a factor: the exponential of
/// `load · (1 − exp(−hangup·x))/hangup − agents · x`.
///
/// That exponent is concave. It is measured from its peak, as
/// `−slope·d − sharpness·g(hangup·d)` with `g(y) = exp(−y) − 1 + y`, where both terms have one sign and
/// nothing cancels, however large the load; so the integrals are sums of positive numbers, each good to
/// the last digits.
struct Density {
    load: f64,
    /// Hang-ups per waiting caller and handle time.
    hangup: f64,
    /// Where the peak lies; 0 unless the load exceeds the agents.
    peak: f64,
    /// The share of callers still patient at the peak.
    patient: f64,
    /// How fast the exponent falls from the peak on the right, where it does so at once.
    slope: f64,
    /// The weight of the curved part.
    sharpness: f64,
    /// The least distance over which anything changes.
    scale: f64,
}

/// Integrals of the density over a span of waits.
#[derive(Clone, Copy, Default)]
struct Span {
    all: f64,
    /// Weighted with the share that is still there.
    answered: f64,
    /// Weighted with the share that is not.
    abandoned: f64,
    /// Weighted with the wait of those still there.
    wait: f64,
}

impl Span {
    fn times(self, factor: f64) -> Self {
        Self {
            all: self.all * factor,
            answered: self.answered * factor,
            abandoned: self.abandoned * factor,
            wait: self.wait * factor,
        }
    }
}

/// Nodes and weights of Gauss and Legendre on [−1, 1], the positive half of 12.
const GAUSS: [(f64, f64); 6] = [
    (0.125_233_408_511_468_9, 0.249_147_045_813_402_8),
    (0.367_831_498_998_180_2, 0.233_492_536_538_354_8),
    (0.587_317_954_286_617_5, 0.203_167_426_723_065_9),
    (0.769_902_674_194_304_7, 0.160_078_328_543_346_23),
    (0.904_117_256_370_474_9, 0.106_939_325_995_318_43),
    (0.981_560_634_246_719_2, 0.047_175_336_386_511_83),
];

/// Beyond this exponent the density is nothing beside its peak.
const NOTHING: f64 = 42.0;

/// How much the exponent may change over one panel: the rule of 12 points is then good to 1e-15.
const STEP: f64 = 4.0;

impl Density {
    fn new(agents: u32, load: f64, hangup: f64) -> Self {
        let agents = f64::from(agents);
        let (patient, peak, slope) = if load > agents {
            (agents / load, libm::log(load / agents) / hangup, 0.0)
        } else {
            (1.0, 0.0, agents - load)
        };
        let arrivals = load * patient;
        let scale = (1.0 / libm::sqrt(arrivals * hangup))
            .min(1.0 / hangup)
            .min(1.0 / slope);
        Self {
            load,
            hangup,
            peak,
            patient,
            slope,
            sharpness: arrivals / hangup,
            scale,
        }
    }

    /// What being answered at once weighs beside the density, both measured from the density's peak.
    fn at_once(&self, agents: u32) -> f64 {
        let height = self.sharpness * curve(-self.hangup * self.peak);
        weight(agents - 1, self.load) * libm::exp(-height)
    }

    /// How far the exponent lies below its peak at the distance `d` from it.
    fn drop(&self, d: f64) -> f64 {
        self.slope * d + self.sharpness * curve(self.hangup * d)
    }

    /// The integrals up to `threshold` and from there on.
    fn integrate(&self, threshold: f64) -> (Span, Span) {
        let mut early = Span::default();
        let mut late = Span::default();
        if threshold < self.peak {
            self.walk(self.peak - threshold, self.peak, -1.0, &mut early);
            self.walk(0.0, self.peak - threshold, -1.0, &mut late);
            self.walk(0.0, f64::INFINITY, 1.0, &mut late);
        } else {
            self.walk(0.0, self.peak, -1.0, &mut early);
            self.walk(0.0, threshold - self.peak, 1.0, &mut early);
            self.walk(threshold - self.peak, f64::INFINITY, 1.0, &mut late);
        }
        (early, late)
    }

    /// Integrates away from the peak, between two distances from it, until nothing is left.
    fn walk(&self, from: f64, to: f64, side: f64, into: &mut Span) {
        let mut at = from;
        let mut drop = self.drop(side * at);
        let mut step = f64::INFINITY;
        while at < to && drop < NOTHING {
            // Panels grow with the distance, for the density flattens out away from the peak.
            step = (2.0 * step).min(at.max(self.scale)).min(to - at);
            let mut next = self.drop(side * (at + step));
            while next - drop > STEP || self.fading(side * at, step) {
                step /= 2.0;
                next = self.drop(side * (at + step));
            }
            self.panel(side * (at + step / 2.0), step / 2.0, into);
            // The last panel ends where the walk does, whatever rounding says.
            at = if step >= to - at { to } else { at + step };
            drop = next;
        }
    }

    /// Whether the share of patient callers changes too much over a step for one panel.
    fn fading(&self, d: f64, step: f64) -> bool {
        self.hangup * step > STEP && self.hangup * d < NOTHING
    }

    fn panel(&self, middle: f64, half: f64, into: &mut Span) {
        for (node, weight) in GAUSS {
            for d in [middle - node * half, middle + node * half] {
                let y = self.hangup * d;
                let bend = curve(y);
                let height = weight * half * libm::exp(-(self.slope * d + self.sharpness * bend));
                let gone = 1.0 - self.patient + self.patient * (y - bend);
                let there = self.patient * (1.0 - (y - bend));
                into.all += height;
                into.answered += height * there;
                into.abandoned += height * gone;
                into.wait += height * there * (self.peak + d);
            }
        }
    }
}

/// `exp(−y) − 1 + y`, also where that is tiny.
fn curve(y: f64) -> f64 {
    if y.abs() < 0.3 {
        // The series; the first term left out is below 1e-17 of the sum.
        let mut sum = 1.0;
        for k in (3..=13).rev() {
            sum = 1.0 - sum * y / f64::from(k);
        }
        sum * y * y / 2.0
    } else {
        libm::expm1(-y) + y
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The derivative of the density is known, so its integral is: a check of the panels at sizes where
    /// no chain can be walked.
    #[test]
    fn integrals_agree_with_the_height_they_end_at() {
        for agents in [1, 7, 60, 900, 20_000, 100_000] {
            for share in [0.2, 0.9, 0.99, 1.0, 1.01, 1.5, 30.0] {
                for hangup in [1e-6, 0.01, 0.7, 3.0, 400.0] {
                    for threshold in [1e-4, 0.01, 0.11, 2.0, 50.0] {
                        let load = share * f64::from(agents);
                        let density = Density::new(agents, load, hangup);
                        let (early, _) = density.integrate(threshold);
                        let rise = load * early.answered - f64::from(agents) * early.all;
                        let height = |x: f64| libm::exp(-density.drop(x - density.peak));
                        let expected = height(threshold) - height(0.0);
                        let most = load * early.answered + 1.0;
                        assert!(
                            (rise - expected).abs() < 1e-11 * most,
                            "{agents} {load} {hangup} {threshold}: {rise:e} {expected:e}"
                        );
                    }
                }
            }
        }
    }
}
