//! The ways from what is held to the jewels: the estate without all that cannot matter to a cut.
//!
//! A node that steps remove has a way in and a way out, joined by a way that they close. Whatever is
//! joined to what is held by ways that no step closes is held whatever is chosen; likewise for jewels.
//! Both become one vertex each, and what lies on no way between them is left out. Everything here is
//! linear in the estate.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{EdgeIx, Estate, NodeIx, StepIx};

/// Where every way begins.
pub(super) const SOURCE: u32 = 0;
/// Where no way may end.
pub(super) const SINK: u32 = 1;

/// What a way is in the estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// An attack edge.
    Edge(EdgeIx),
    /// Passing through a node.
    Node(NodeIx),
}

/// One way onward and the steps that close it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) from: u32,
    pub(super) to: u32,
    /// A number among [`Ground::sets`].
    pub(super) set: u32,
    pub(super) origin: Origin,
}

/// Ways from a source to a sink.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    /// How many vertices there are, source and sink being the first two.
    pub(super) vertices: usize,
    pub(super) ways: Vec<Way>,
    /// Sets of steps that close the same ways, each ascending; the first is empty.
    pub(super) sets: Vec<Vec<u32>>,
}

/// Some source is joined to some sink by ways that no step closes.
#[derive(Debug)]
pub(super) struct Uncuttable;

/// What is held, what must not be reached, and edges that count as gone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends<'t> {
    pub(super) held: &'t [NodeIx],
    pub(super) jewels: &'t [NodeIx],
    pub(super) gone: &'t BTreeSet<(NodeIx, NodeIx)>,
}

impl Ground {
    /// Lays out the ways that some of these steps close.
    ///
    /// # Errors
    /// When a way that none of them closes leads from what is held to a jewel.
    pub(super) fn new(
        estate: &Estate,
        usable: &[StepIx],
        ends: Ends<'_>,
    ) -> Result<Self, Uncuttable> {
        let map = Map::new(estate, usable, ends.gone);
        let sources: Vec<u32> = ends.held.iter().map(|&node| Map::way_in(node)).collect();
        let sinks: Vec<u32> = ends.jewels.iter().map(|&node| map.way_out(node)).collect();
        let plain = |_: u32, _: u32, set: u32| set == 0;
        let held = map.spread(&sources, Map::onward, plain);
        let lost = map.spread(&sinks, Map::back, plain);
        if held.iter().zip(&lost).any(|(held, lost)| *held && *lost) {
            return Err(Uncuttable);
        }
        let open = |from: u32, to: u32, _: u32| !held[to as usize] && !lost[from as usize];
        let after = map.spread(&listed(&held), Map::onward, open);
        let before = map.spread(&listed(&lost), Map::back, |to, from, set| {
            open(from, to, set)
        });
        let mut numbers = vec![u32::MAX; held.len()];
        let mut vertices = 2_u32;
        let mut number = |vertex: u32| {
            if held[vertex as usize] {
                return SOURCE;
            }
            if lost[vertex as usize] {
                return SINK;
            }
            let number = &mut numbers[vertex as usize];
            if *number == u32::MAX {
                *number = vertices;
                vertices += 1;
            }
            *number
        };
        let mut ways = Vec::new();
        for from in listed(&after) {
            map.onward(from, &mut |to, set, origin| {
                if open(from, to, set) && before[to as usize] {
                    let (from, to) = (number(from), number(to));
                    ways.push(Way {
                        from,
                        to,
                        set,
                        origin,
                    });
                }
            });
        }
        Ok(Self {
            vertices: vertices as usize,
            ways,
            sets: map.sets,
        })
    }

    /// One way for each set of steps, as from a source to a sink.
    ///
    /// # Errors
    /// When one of the sets is empty.
    pub(super) fn side_by_side(sets: Vec<(NodeIx, Vec<u32>)>) -> Result<Self, Uncuttable> {
        let mut ground = Self {
            vertices: 2,
            ways: Vec::new(),
            sets: vec![Vec::new()],
        };
        for (node, set) in sets {
            if set.is_empty() {
                return Err(Uncuttable);
            }
            ground.ways.push(Way {
                from: SOURCE,
                to: SINK,
                set: small(ground.sets.len()),
                origin: Origin::Node(node),
            });
            ground.sets.push(set);
        }
        Ok(ground)
    }

    /// The steps that close a way.
    pub(super) fn closing(&self, way: &Way) -> &[u32] {
        &self.sets[way.set as usize]
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn listed(marks: &[bool]) -> Vec<u32> {
    let marked = (0_u32..).zip(marks).filter(|(_, mark)| **mark);
    marked.map(|(vertex, _)| vertex).collect()
}

/// The whole estate as ways.
struct Map<'t> {
    estate: &'t Estate,
    gone: &'t BTreeSet<(NodeIx, NodeIx)>,
    sets: Vec<Vec<u32>>,
    at_node: Vec<u32>,
    at_edge: Vec<u32>,
}

impl<'t> Map<'t> {
    fn new(estate: &'t Estate, usable: &[StepIx], gone: &'t BTreeSet<(NodeIx, NodeIx)>) -> Self {
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        for &ix in usable {
            let removed = estate.step(ix).removes_nodes.iter();
            nodes.extend(removed.map(|node| (node.0, ix.0)));
            let named = estate.edges_named_by(ix).iter();
            edges.extend(named.map(|edge| (edge.0, ix.0)));
        }
        let mut sets = Sets::new(estate.steps().len());
        let at_node = sets.gathered(&nodes, estate.nodes().len());
        let at_edge = sets.gathered(&edges, estate.edges().len());
        let sets = sets.list;
        Self {
            estate,
            gone,
            sets,
            at_node,
            at_edge,
        }
    }

    fn way_in(node: NodeIx) -> u32 {
        2 * node.0
    }

    /// The same as the way in where no step removes the node.
    fn way_out(&self, node: NodeIx) -> u32 {
        2 * node.0 + u32::from(self.at_node[node.index()] != 0)
    }

    /// Visits every way out of a vertex: where it leads, the steps that close it, what it is.
    fn onward(&self, vertex: u32, visit: &mut Visit<'_>) {
        let node = NodeIx(vertex / 2);
        if vertex != self.way_out(node) {
            visit(vertex + 1, self.at_node[node.index()], Origin::Node(node));
            return;
        }
        for (edge, to) in self.estate.ways_out(node) {
            if !self.is_gone(node, to) {
                let set = self.at_edge[edge.index()];
                visit(Self::way_in(to), set, Origin::Edge(edge));
            }
        }
    }

    /// Visits every way into a vertex.
    fn back(&self, vertex: u32, visit: &mut Visit<'_>) {
        let node = NodeIx(vertex / 2);
        if vertex % 2 == 1 {
            visit(vertex - 1, self.at_node[node.index()], Origin::Node(node));
            return;
        }
        for (edge, from) in self.estate.ways_in(node) {
            if !self.is_gone(from, node) {
                let set = self.at_edge[edge.index()];
                visit(self.way_out(from), set, Origin::Edge(edge));
            }
        }
    }

    fn is_gone(&self, from: NodeIx, to: NodeIx) -> bool {
        !self.gone.is_empty() && self.gone.contains(&(from, to))
    }

    /// Marks the starts and everything that ways `through` lets pass lead to from there.
    fn spread(
        &self,
        starts: &[u32],
        walk: fn(&Self, u32, &mut Visit<'_>),
        through: impl Fn(u32, u32, u32) -> bool,
    ) -> Vec<bool> {
        let mut found = vec![false; 2 * self.at_node.len()];
        let mut open = Vec::new();
        for &start in starts {
            if !std::mem::replace(&mut found[start as usize], true) {
                open.push(start);
            }
        }
        while let Some(from) = open.pop() {
            walk(self, from, &mut |to, set, _| {
                if !found[to as usize] && through(from, to, set) {
                    found[to as usize] = true;
                    open.push(to);
                }
            });
        }
        found
    }
}

type Visit<'v> = dyn FnMut(u32, u32, Origin) + 'v;

/// Sets of steps, each known by a number; the first is empty.
struct Sets {
    list: Vec<Vec<u32>>,
    /// By step, the number of the set of it alone; zero if there is none. Most sets are such.
    alone: Vec<u32>,
    several: BTreeMap<Vec<u32>, u32>,
}

impl Sets {
    fn new(steps: usize) -> Self {
        Self {
            list: vec![Vec::new()],
            alone: vec![0; steps],
            several: BTreeMap::new(),
        }
    }

    /// For each of so many things the number of the set of steps that are paired with it.
    fn gathered(&mut self, pairs: &[(u32, u32)], things: usize) -> Vec<u32> {
        // Sorted by counting: there are as many pairs as steps, and more.
        let mut starts = vec![0_u32; things + 1];
        for &(thing, _) in pairs {
            starts[thing as usize + 1] += 1;
        }
        for thing in 0..things {
            starts[thing + 1] += starts[thing];
        }
        let mut next = starts.clone();
        let mut steps = vec![0; pairs.len()];
        for &(thing, step) in pairs {
            let place = &mut next[thing as usize];
            steps[*place as usize] = step;
            *place += 1;
        }
        let groups = starts.iter().zip(starts.iter().skip(1));
        let number = |(&start, &end): (&u32, &u32)| match &mut steps[start as usize..end as usize] {
            [] => 0,
            [step] => self.number_alone(*step),
            several => {
                several.sort_unstable();
                let mut several = several.to_vec();
                several.dedup();
                self.number(several)
            }
        };
        groups.map(number).collect()
    }

    fn number_alone(&mut self, step: u32) -> u32 {
        let number = &mut self.alone[step as usize];
        if *number == 0 {
            *number = small(self.list.len());
            self.list.push(vec![step]);
        }
        *number
    }

    fn number(&mut self, steps: Vec<u32>) -> u32 {
        if let [step] = steps.as_slice() {
            return self.number_alone(*step);
        }
        let next = small(self.list.len());
        if let Some(number) = self.several.get(&steps) {
            return *number;
        }
        self.list.push(steps.clone());
        self.several.insert(steps, next);
        next
    }
}
