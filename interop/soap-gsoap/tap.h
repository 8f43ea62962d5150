// Checks reported in the Test Anything Protocol.
#pragma once
#include <functional>
#include <iostream>
#include <sstream>
#include <string>

struct Tap {
    int count = 0, failed = 0;

    void report(bool good, const std::string &name, const std::string &why = "") {
        std::cout << (good ? "ok " : "not ok ") << ++count << " - " << name << std::endl;
        if (!good) {
            failed++;
            std::istringstream lines(why);
            for (std::string line; std::getline(lines, line);) std::cout << "# " << line.substr(0, 1000) << std::endl;
        }
    }

    // `call` gives a gSOAP error code, 0 for none; `good` looks at what came back.
    void call(struct soap *soap, const std::string &name, std::function<int()> call, std::function<bool()> good) {
        if (call()) {
            std::ostringstream why;
            soap_stream_fault(soap, why);
            report(false, name, why.str());
        } else {
            report(good(), name, "another value came back");
        }
    }

    int close() {
        std::cout << "1.." << count << std::endl;
        return failed > 0;
    }
};
