// gSOAP's generated skeletons as the server of our interfaces. Usage: server PORT
#include <thread>
#include "BankBinding.nsmap"
#include "soapBankBindingService.h"
#include "soapEchoBindingService.h"

#define GIVES_BACK(TYPE, METHOD)                                                   \
    int METHOD(_ns3__##TYPE *question, _ns3__##TYPE##Response &answer) override { \
        answer.return_ = question->x;                                              \
        return SOAP_OK;                                                            \
    }
#define GIVES(NAME) GIVES_BACK(NAME, NAME)

struct Echo : EchoBindingService {
    using EchoBindingService::EchoBindingService;
    EchoBindingService *copy() override { return new Echo(soap_copy(soap)); }

    int nothing(_ns3__nothing *, _ns3__nothingResponse &) override { return SOAP_OK; }
    GIVES_BACK(bool, bool_)
    GIVES_BACK(char, char_)
    GIVES(i8) GIVES(u8) GIVES(i16) GIVES(u16) GIVES(i32) GIVES(u32) GIVES(i64) GIVES(u64) GIVES(f32) GIVES(f64)
    GIVES(decimal) GIVES(string) GIVES(bytes) GIVES(datetime) GIVES(date) GIVES(time) GIVES(duration) GIVES(list)
    GIVES(numbers) GIVES(array) GIVES(map) GIVES(numbered) GIVES(optional) GIVES(optionals) GIVES(pair) GIVES(color)
    GIVES(shape) GIVES(structure) GIVES(structures) GIVES(scalars) GIVES(sparse) GIVES(tree) GIVES(any) GIVES(reference)
};

struct Bank : BankBindingService {
    using BankBindingService::BankBindingService;
    BankBindingService *copy() override { return new Bank(soap_copy(soap)); }

    int refuse(const char *text, void (*fill)(struct soap *, SOAP_ENV__Detail *, const std::string &, double),
               const std::string &account, double amount = 0) {
        soap_receiver_fault(soap, text, nullptr);
        soap->fault->detail = soap_new_SOAP_ENV__Detail(soap);
        fill(soap, soap->fault->detail, account, amount);
        return SOAP_FAULT;
    }

    int open(_ns2__open *, _ns2__openResponse &) override { return soap_sender_fault(soap, "not here", nullptr); }
    int account(_ns2__account *, _ns2__accountResponse &) override { return soap_sender_fault(soap, "not here", nullptr); }
    int deposit(_ns2__deposit *question, _ns2__depositResponse &answer) override {
        answer.return_ = question->amount;
        return SOAP_OK;
    }
    int withdraw(_ns2__withdraw *question, _ns2__withdrawResponse &) override {
        return refuse("too poor", [](struct soap *soap, SOAP_ENV__Detail *detail, const std::string &, double amount) {
            detail->ns2__InsufficientFunds_ = soap_new_req_ns2__InsufficientFunds(soap, 1.5, amount);
        }, "", question->amount);
    }
    int balance(_ns2__balance *question, _ns2__balanceResponse &) override {
        return refuse("no such account", [](struct soap *soap, SOAP_ENV__Detail *detail, const std::string &account, double) {
            detail->ns2__NoSuchAccount_ = soap_new_req_ns2__NoSuchAccount(soap, account);
        }, question->account);
    }
    int accounts(_ns2__accounts *question, _ns2__accountsResponse &answer) override {
        std::string owner = question->owner ? *question->owner : "";
        for (const char *id : {"A", "B"})
            if (owner != "nobody") answer.return_.push_back(soap_new_req_ns2__Statement(soap, id, owner, 0.5));
        return SOAP_OK;
    }
    int close(_ns2__close *, _ns2__closeResponse &) override {
        return soap_sender_fault(soap, "an undeclared fault", nullptr);
    }
};

/** Serves one connection: the body's element says whose call it is. */
static void serve(struct soap *soap) {
    Echo echo(soap);
    Bank bank(soap);
    for (soap->keep_alive = soap->max_keep_alive + 1;;) {
        if (soap->keep_alive > 0 && soap->max_keep_alive > 0) soap->keep_alive--;
        if (soap_begin_serve(soap)) {
            if (soap->error >= SOAP_STOP) continue;
            break;
        }
        if (echo.dispatch() == SOAP_NO_METHOD) bank.dispatch();
        if (soap->error && soap->error < SOAP_STOP) soap_send_fault(soap);
        soap_destroy(soap);
        soap_end(soap);
        if (!soap->keep_alive) break;
    }
    soap_closesock(soap);
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
}

int main(int, char **arguments) {
    struct soap *listener = soap_new1(SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING);
    listener->bind_flags = SO_REUSEADDR;
    listener->tcp_keep_alive = 1;
    listener->recv_timeout = listener->send_timeout = 60;
    soap_set_namespaces(listener, namespaces);
    if (!soap_valid_socket(soap_bind(listener, "127.0.0.1", std::stoi(arguments[1]), 100))) {
        soap_print_fault(listener, stderr);
        return 1;
    }
    while (soap_valid_socket(soap_accept(listener))) std::thread(serve, soap_copy(listener)).detach();
    soap_print_fault(listener, stderr);
    return 1;
}
