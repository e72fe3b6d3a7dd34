//! Who works when: shifts for named people, under rules, by search.
