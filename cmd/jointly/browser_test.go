package main

const requireBrowser = "JOINTLY_REQUIRE_BROWSER"

var browsers browserSet

type browserSet struct{}

func (browserSet) close() {}
